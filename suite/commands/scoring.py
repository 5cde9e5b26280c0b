"""`shuniu score`: how a unit was scored, each point with the event behind it."""

import json
from typing import Annotated

import typer

from suite.acts.score import SCORES
from suite.client import Client
from suite.commands.common import (
    JsonOption,
    Language,
    LanguageOption,
    PersonOption,
    UsageError,
    calling,
    console,
)
from suite.reaching import Reach
from suite.score_lines import Shown


@calling
async def score(
    reach: Reach,
    unit: Annotated[
        str | None, typer.Option(help="Only this unit, by name or id. (default: all)")
    ] = None,
    rule: Annotated[
        str | None, typer.Option(help="By this rule. (default: of the latest score)")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="As it would be now; publishes nothing.")
    ] = False,
    since: Annotated[
        str | None, typer.Option("--from", help="With --preview: the first day.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="With --preview: the last day.")] = None,
    person: PersonOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    """得分: the latest published score, with the event behind each point.

    On this machine it is read as the section head of supervision unless --as says otherwise.

    Examples:
        shuniu score --unit 县水利局
        shuniu score --rule R-2025B --as deng.jie
        shuniu score --preview --rule R-2025A --from 2025-01-01 --until 2025-10-31
    """
    reader = _reader(reach, person)
    wanted = {"unit": _unit(reach, unit)} if unit else {}
    async with reach.client(language.value) as client:
        if preview:
            if not (rule and since and until):
                raise UsageError("a preview needs --rule, --from and --until")
            asked = {"rule": rule, "from": since, "until": until}
            found = await client.get(reader, f"{SCORES}/preview", **asked, **wanted)
        else:
            item = await _latest(client, reader, rule)
            found = await client.get(reader, f"{SCORES}/{item}", **wanted)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    shown = Shown(reach.people, reach.calendar.zone, english=language is Language.en)
    for line in shown.lines(found):
        console().print(line)


def _reader(reach: Reach, person: str | None) -> str:
    """Return who asks: whom --as or the token names, or who publishes scores here."""
    if person is not None or reach.claims is not None:
        return reach.who(person).id
    people = reach.people
    for organ in people.organs:
        if heads := people.with_function("section_head", "supervision", organ):
            return heads[0]
    return reach.who(None).id


def _unit(reach: Reach, name: str) -> str:
    if not reach.people.units:
        return name
    try:
        return reach.people.unit_named(name).id
    except KeyError:
        known = "、".join(unit.name for unit in reach.people.units.values())
        raise UsageError(f"no unit is called {name}; known are: {known}") from None


async def _latest(client: Client, reader: str, rule: str | None) -> str:
    query = {"limit": 1} | ({"rule": rule} if rule else {})
    items = (await client.get(reader, SCORES, **query))["items"]
    if not items:
        raise UsageError(
            f"no score{f' by {rule}' if rule else ''} is published yet: "
            "see it before that with --preview --rule RULE --from DAY --until DAY"
        )
    return str(items[0]["score_id"])


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("score")(score)
