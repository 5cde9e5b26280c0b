"""The working calendar: look at a year, check a notice, put it where the suite reads it."""

import os
import shutil
import tempfile
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chassis.calendars import load_calendar
from chassis.clock import SystemClock
from chassis.workdays import Calendar, CalendarError
from suite.commands.common import UsageError, console, run

calendar_app = typer.Typer(
    no_args_is_help=True, help="工作日历: holidays and make-up days."
)

WEEKDAYS = "一二三四五六日"
DAY = timedelta(days=1)
SITE = Annotated[
    Path | None,
    typer.Option(help="Folder of the site's own calendars.", envvar="SHUNIU_CALENDARS"),
]
FileArgument = Annotated[
    Path, typer.Argument(help="A notice as YAML, as the shipped 2025.")
]


@calendar_app.command("show")
def show(
    year: Annotated[
        int | None, typer.Argument(help="Which year. (default: this one)")
    ] = None,
    calendars: SITE = None,
) -> None:
    """看一年: status, source, holidays, make-up days, working days by month.

    Examples:
        shuniu calendar show 2025
        shuniu calendar show 2027 --calendars ./calendars
    """

    async def work() -> None:
        wanted = year or (await SystemClock().now()).year
        _show(load_calendar(None, calendars), wanted, console())

    run(work())


@calendar_app.command("check")
def check(file: FileArgument) -> None:
    """查一份通知: whether a notice can be used, and the year that it makes. Changes nothing.

    Examples:
        shuniu calendar check 2027.yaml
    """

    async def work() -> None:
        calendar, year = _trial(file, None)
        _show(calendar, year, console())

    run(work())


@calendar_app.command("import")
def import_notice(
    file: FileArgument,
    to: Annotated[Path, typer.Option("--to", help="Folder of the site's calendars.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of a file that differs.")
    ] = False,
) -> None:
    """载入一份通知: check it beside the folder's others, then copy it there.

    The suite reads the folder named in SHUNIU_CALENDARS when it starts.

    Examples:
        shuniu calendar import 2027.yaml --to ./calendars
    """

    async def work() -> None:
        target = to / file.name
        calendar, year = _trial(file, to if to.is_dir() else None)
        same = target.is_file() and target.read_bytes() == file.read_bytes()
        if target.exists() and not same and not replace:
            raise UsageError(
                f"{target} is there and differs: say --replace, or rename yours"
            )
        if not same:
            _copy(file, target)
        _show(calendar, year, console())
        done = "已有相同文件（Nothing to do）" if same else f"已载入 {target}（Imported）"
        console().print(f"[green]✓[/green] {done}")
        if os.environ.get("SHUNIU_CALENDARS") != str(to):
            console().print(f"  SHUNIU_CALENDARS={to}，重启后生效（set it, and restart）")

    run(work())


def _trial(file: Path, beside: Path | None) -> tuple[Calendar, int]:
    """Load *file* with what lies *beside* it, in a folder of their own; return its year."""
    if file.suffix not in {".yaml", ".yml"}:
        raise UsageError(f"{file}: name it <year>.yaml")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            for other in beside.iterdir() if beside else ():
                if other.suffix in {".yaml", ".yml"} and other.name != file.name:
                    shutil.copyfile(other, folder / other.name)
            shutil.copyfile(file, folder / file.name)
        except OSError as error:
            raise UsageError(f"cannot read {error.filename} ({error.strerror})") from error
        try:
            before = load_calendar()
            calendar = load_calendar(None, folder)
        except CalendarError as error:
            said = str(error).replace(str(folder / file.name), str(file))
            raise CalendarError(said.replace(str(folder), str(beside))) from error
    changed = [y for y, c in calendar.years.items() if c != before.years.get(y)]
    return calendar, _year(file, changed)


def _year(file: Path, changed: list[int]) -> int:
    stem = file.stem[:4]
    if stem.isdigit() and (int(stem) in changed or not changed):
        return int(stem)
    if not changed:
        raise UsageError(f"{file} changes nothing of the shipped calendars")
    return changed[0]


def _copy(file: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    except OSError as error:
        raise UsageError(f"cannot write {target} ({error.strerror})") from error


def _show(calendar: Calendar, year: int, terminal: Console) -> None:
    status = calendar.status(year)
    words = {"confirmed": "已发布", "provisional": "暂定：通知尚未发布"}
    known = calendar.years[year]
    terminal.print(f"[bold]{year}[/bold]  {words[status]}（{status}）  {known.source}")
    terminal.print(f"工作日（Working days）{calendar.work_days(year)}")
    days = [
        date(year, 1, 1) + n * DAY
        for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
    for festival, run_of in groupby(
        days, lambda d: (d in known.off) and known.names.get(d)
    ):
        if festival:
            off = list(run_of)
            terminal.print(f"  休 {_span(off[0], off[-1])}  {festival}")
    for day in sorted(d for d in known.work if d.year == year):
        terminal.print(f"  班 {_day(day)}  {known.names.get(day, '')}")
    table = Table(box=None)
    for month in range(1, 13):
        table.add_column(f"{month}月", justify="right")
    table.add_row(
        *(
            str(sum(calendar.is_work_day(d) for d in days if d.month == month))
            for month in range(1, 13)
        )
    )
    terminal.print(table)


def _span(first: date, last: date) -> str:
    if first == last:
        return _day(first)
    return f"{_day(first)} — {_day(last)}，{(last - first).days + 1}天"


def _day(day: date) -> str:
    return f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(calendar_app, name="calendar")
