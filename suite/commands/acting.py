"""Doing something at a service's door: any act by its name, and a unit's feedback."""

import hashlib
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
import yaml

from suite.acts import ACTS, Desk, act
from suite.commands.common import (
    JsonOption,
    KeyOption,
    Language,
    LanguageOption,
    PersonOption,
    UsageError,
    calling,
    console,
)
from suite.reaching import OPERATOR, Reach
from suite.scenario import read_yaml

NAMED = ("number", "receipt_no", "doc_no", "sheet_no")
CHUNK = 1 << 20
STRUCTURED = re.compile(r"""[\[{"']|(-?\d+|true|false|null)$""")

DO = f"""办一件事: do one act, as in a scenario. A refusal names its rule and source.

Items are named as the office names them, units in Chinese or by id.

Acts: {", ".join(sorted(ACTS))}.

Examples:
    shuniu act receive_matter --as deng.jie -w matter=云政督〔2025〕31号
    shuniu act give_instruction --as li.juan --with instruction.yaml
    shuniu act assign_matter --as sun.li --with sheet.yaml --key sheet-31
    shuniu act open_series --as operator -w service=documents -w 'series=…'
"""

feedback_app = typer.Typer(no_args_is_help=True, help="反馈: report on a matter.")


@calling
async def do(
    reach: Reach,
    name: Annotated[str, typer.Argument(help="The act; see the list above.")],
    given: Annotated[
        list[str] | None,
        typer.Option(
            "-w", metavar="KEY=VALUE", help="What it needs; lists and numbers as in YAML."
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--with", help="The same from a YAML file.")
    ] = None,
    person: PersonOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    """Do one act; `DO` is its help."""
    body = _given(file) | dict(map(_pair, given or ()))
    doer = OPERATOR if person == OPERATOR else reach.who(person).id
    async with reach.client(language.value) as client:
        done = await act(
            Desk(client, reach.people), name, doer, body, key or str(uuid.uuid4())
        )
    _show(done, as_json)


@feedback_app.command("give")
@calling
async def give(
    reach: Reach,
    number: Annotated[str, typer.Argument(help="The matter's number.")],
    file: Annotated[Path, typer.Option("--file", help="The paper that shows the result.")],
    signed_by: Annotated[
        str, typer.Option("--signed-by", help="Who signed it: of a result the unit's head.")
    ],
    summary: Annotated[
        str | None, typer.Option(help="What is reported. (default: asked for)")
    ] = None,
    kind: Annotated[
        Literal["final", "progress"], typer.Option(help="The result, or the way there.")
    ] = "final",
    person: PersonOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    r"""报结果: report for your unit. The file stays with you; its name and SHA-256 are kept.

    Examples:
        shuniu feedback give 云政督〔2025〕31号 --file 结果.docx --signed-by luo.hai \
            --as deng.jie --summary 已完成排查，附清单
        shuniu feedback give 云政督〔2025〕31号 --file 进展.docx --kind progress \
            --signed-by tang.yong --as deng.jie --summary 已排查12座
    """
    who = reach.who(person)
    digest = _digest(file)
    if summary is None:
        if not sys.stdin.isatty():
            raise UsageError("say what is reported: --summary TEXT")
        summary = str(typer.prompt("反馈内容（What is reported）"))
    body = {
        "matter": number,
        "kind": kind,
        "summary": summary,
        "signed_by": signed_by,
        "evidence_name": file.name,
        "evidence_sha256": digest,
    }
    async with reach.client(language.value) as client:
        desk = Desk(client, reach.people)
        done = await act(desk, "give_feedback", who.id, body, key or str(uuid.uuid4()))
    _show(done, as_json)
    if not as_json:
        console().print(f"[dim]{file.name}  sha256 {digest}[/dim]")


def _given(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        content = read_yaml(file.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise UsageError(f"{file}: {error}") from error
    if not isinstance(content, dict):
        raise UsageError(f"{file}: write `key: value` lines, as under `with` in a scenario")
    return content


def _pair(written: str) -> tuple[str, Any]:
    name, equals, value = written.partition("=")
    if not equals or not name:
        raise UsageError(f"{written}: write KEY=VALUE, e.g. -w matter=云政督〔2025〕31号")
    if not STRUCTURED.match(value):
        return name, value
    try:
        return name, read_yaml(value)
    except yaml.YAMLError as error:
        raise UsageError(f"{written}: {error}") from error


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise UsageError(f"cannot read {file} ({error.strerror}): check --file") from error
    return digest.hexdigest()


def _show(done: Any, as_json: bool) -> None:
    if as_json:
        print(json.dumps(dict(done), ensure_ascii=False))
        return
    names = [str(done[name]) for name in NAMED if done.get(name)]
    item = [f"id {done['id']}"] if "id" in done else []
    console().print("  ".join(["[green]✓[/green] 已办理（Done）", *names, *item]))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("act", help=DO)(do)
    app.add_typer(feedback_app, name="feedback")
