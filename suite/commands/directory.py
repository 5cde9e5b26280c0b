"""The directory in the terminal: importing a file, and looking somebody up."""

import asyncio
import json
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from suite.acts.directory import import_of, read_file
from suite.client import RefusedCallError
from suite.commands.common import (
    JsonOption,
    KeyOption,
    Language,
    LanguageOption,
    PersonOption,
    calling,
    console,
)
from suite.reaching import OPERATOR, Reach

IMPORTS = "/directory/v1/imports"
NOT_FOUND = 404
INVALID = 422

directory_app = typer.Typer(
    no_args_is_help=True,
    help="机构人员: organs, units and people.",
    rich_markup_mode="rich",
)

IMPORT = """导入: enter or change what a file names; who is not in it stays as they are.

All of it is imported, or nothing and every problem is listed with its line. The same file
again changes nothing.

YAML holds all three kinds, as lists `organs`, `units`, `people`. A CSV file holds one, which
its name says: organs.csv, units.csv or people.csv. Its first row names its columns:

organs: id, name

units:  id, name, organ, parent, functions, unit_class

people: id, name, unit, post, posts, roles, superior, clearance, aide_of, mobile, email

Only `id`, `name`, and for units `organ`, for people `unit`, are required. Several values in
one cell are parted by semicolons. Substitutes can only be given in YAML.

Examples:
    shuniu directory import organisation.yaml --dry-run
    shuniu directory import people.csv
    shuniu directory import ours.yaml --url https://shuniu.example.org
"""


@calling
async def import_(
    reach: Reach,
    file: Annotated[Path, typer.Argument(help="YAML, or CSV named for its kind.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what it would do.")
    ] = False,
    key: KeyOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    """Import a file; `IMPORT` is its help."""
    text = await asyncio.to_thread(read_file, file)
    body = import_of(text, file, dry_run=dry_run)
    async with reach.client(language.value) as client:
        try:
            with console().status(f"{file.name}: {len(text.splitlines())} 行（lines）…"):
                done = await client.post(
                    OPERATOR, IMPORTS, body, key=key or str(uuid.uuid4())
                )
        except RefusedCallError as refused:
            if refused.status != INVALID or as_json:
                raise
            _show_problems(file, refused.problem)
            raise typer.Exit(1) from None
    if as_json:
        print(json.dumps(done, ensure_ascii=False))
        return
    said = "将导入（Would import）" if dry_run else "已导入（Imported）"
    console().print(
        f"[green]✓[/green] {said}  新增 {done['added']} added"
        f"  变更 {done['changed']} changed  不变 {done['unchanged']} unchanged"
    )


def _show_problems(file: Path, problem: Any) -> None:
    table = Table("行 Line", "项 Field", "问题 Problem", box=None)
    for fault in problem.get("errors", ()):
        table.add_row(str(fault.get("line", "")), fault["at"], fault["fault"])
    console().print(f"[red]✗[/red] {file.name}: {problem['detail']}")
    console().print(table)


@directory_app.command("show")
@calling
async def show(
    reach: Reach,
    code: Annotated[str, typer.Argument(help="A person or a unit, e.g. li.juan, water.")],
    person: PersonOption = None,
    language: LanguageOption = Language.zh,
) -> None:
    """查: look up a person, or a unit and who works in it.

    Examples:
        shuniu directory show li.juan --as sun.li
        shuniu directory show water --as operator
    """
    asking = OPERATOR if person == OPERATOR else reach.who(person).id
    async with reach.client(language.value) as client:
        try:
            found = await client.get(asking, f"/directory/v1/people/{code}")
        except RefusedCallError as refused:
            if refused.status != NOT_FOUND:
                raise
            found = await client.get(asking, f"/directory/v1/units/{code}")
            listed = await client.get(asking, "/directory/v1/people", unit=code)
            found["people"] = [f"{p['name']}（{p['id']}）" for p in listed["items"]]
    table = Table(box=None, show_header=False)
    for name, value in found.items():
        if value not in (None, [], ""):
            shown = "、".join(map(_said, value)) if isinstance(value, list) else str(value)
            table.add_row(name, shown)
    console().print(table)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part is not None)
    return str(value)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    directory_app.command("import", help=IMPORT)(import_)
    app.add_typer(directory_app, name="directory")
