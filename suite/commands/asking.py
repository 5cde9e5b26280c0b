"""What a person looks at first, and where a thing came from: `today` and `why`."""

import asyncio
import dataclasses
import json
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from suite.commands.common import (
    JsonOption,
    Language,
    LanguageOption,
    PersonOption,
    calling,
    console,
)
from suite.reaching import Reach
from suite.today import Screen, compose, reads_documents
from suite.today_lines import Lines
from suite.today_words import Line
from suite.why import as_json, branches, correlation_of, readers, story_of, tree

COLOURS = {"red": "red", "yellow": "yellow", "green": "green"}


@calling
async def today(
    reach: Reach,
    person: PersonOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    """今天该办什么: what waits for you, what is late, what is next.

    The screen is that of your role: registry clerk, supervision, leader (or their aide),
    or another department, with the call that answers.

    Examples:
        shuniu today --as li.juan
        shuniu today --as sun.li --lang en
        shuniu today --as zhou.zhiyuan --json
    """
    who = reach.who(person)
    async with reach.client(language.value) as client:
        matters = client.get(who.id, "/supervision/v1/today")
        if reads_documents(who):
            documents = client.get(who.id, "/documents/v1/today")
            found, known = await asyncio.gather(matters, documents)
        else:
            found, known = await matters, None
    screens = compose(who, found, known, reach.people, reach.calendar)
    if as_json:
        print(
            json.dumps([_plain(s) for s in screens], default=_written, ensure_ascii=False)
        )
        return
    lines = Lines(reach.people, reach.calendar, language.value)
    terminal = console()
    _show(terminal, lines.heading(screens[0]), "dim")
    for screen in screens:
        for line in lines.lines(screen):
            _show(terminal, line)


def _show(terminal: Console, line: Line, style: str = "") -> None:
    shown = Text(line.text, style=style)
    if line.light:
        shown.highlight_words(["●"], COLOURS.get(line.light, ""))
    terminal.print(shown)


def _plain(screen: Screen) -> dict[str, Any]:
    return dataclasses.asdict(screen)


def _written(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


@calling
async def why(
    reach: Reach,
    item: Annotated[
        str, typer.Argument(help="A number of the office, or the id of an item or a story.")
    ],
    person: PersonOption = None,
    as_json_: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    """这件事从何而来、办到哪一步: the causal chain of a document or a matter.

    The chain is put together from what every service knows, as operator; a number is
    looked up as --as PERSON, on this machine as the registry.

    Examples:
        shuniu why 云政督〔2025〕31号
        shuniu why 收〔2025〕417号 --lang en
        shuniu why 4c4b7a1e-0d0f-5c43-9a6c-6c0c9a4f3f10 --json
    """
    async with reach.client(language.value) as client:
        seekers = (
            [reach.who(person).id] if person or reach.claims else readers(reach.people)
        )
        correlation = await correlation_of(client, item, seekers)
        roots = branches(await story_of(client, correlation))
    if as_json_:
        print(json.dumps(as_json(roots), ensure_ascii=False))
        return
    zone = reach.calendar.zone
    console().print(tree(roots, reach.people, zone, language.value))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("today")(today)
    app.command("why")(why)
