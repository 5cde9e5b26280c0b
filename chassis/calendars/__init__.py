"""The calendars shipped with the package and a site's own, read into one `Calendar`.

`<year>.yaml` is one State Council notice, `statutory.yaml` what a year without a notice is
counted by. A site puts files of the same form as a notice into a folder of its own: a later
year, a corrected year, or with `overlay: true` only the days that differ (a minority-area
festival, 放假办法 2024 第四条; a change in mid-year).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, Field, ValidationError

from chassis.workdays import Calendar, CalendarError, YearCalendar

SHIPPED = Path(__file__).parent


class _Entry(BaseModel, extra="forbid", strict=True):
    """What a file may say, and nothing else."""


class _Rest(_Entry):
    name: str = Field(min_length=1)
    first: date = Field(alias="from")
    last: date | None = Field(default=None, alias="to")


class _Work(_Entry):
    name: str = Field(min_length=1)
    day: date


class _Notice(_Entry):
    year: int = Field(ge=2000, le=2100)
    source: str = Field(min_length=1)
    issued: date
    overlay: bool = False
    rest: list[_Rest] = Field(default_factory=list)
    work: list[_Work] = Field(default_factory=list)


class _Span(_Entry):
    first: int
    last: int


class _Act(_Entry):
    since: int = Field(alias="from")
    source: str
    days: dict[str, _Span]


class _Statutory(_Entry):
    acts: list[_Act]
    festivals: dict[int, dict[str, date]]


M = TypeVar("M", bound=_Entry)


def load_calendar(
    years: Sequence[int] | None = None,
    folder: Path | None = None,
    zone: str = "Asia/Shanghai",
) -> Calendar:
    """Load the shipped notices of *years* (None: all), then every file of *folder* over them.

    Every other year of the statutory table is there too, as provisional.
    Raises `CalendarError` that names the file, the place in it and what to do.
    """
    statutory = _statutory_years()
    calendars = dict(statutory)
    shipped = sorted(SHIPPED.glob("[0-9]*.yaml"))
    wanted = [path for path in shipped if years is None or int(path.stem) in years]
    for files in (wanted, _site_files(folder)):
        notices = {path: _read(path, _Notice) for path in files}
        rulers: dict[int, Path] = {}
        for path, notice in sorted(notices.items(), key=lambda item: item[1].overlay):
            if (
                not notice.overlay
                and (other := rulers.setdefault(notice.year, path)) != path
            ):
                raise CalendarError(
                    f"{path}: year: {other.name} has a notice for {notice.year} as well; "
                    "keep one, or say `overlay: true` in the one that only adds days"
                )
            base = (calendars if notice.overlay else statutory).get(notice.year)
            calendars[notice.year] = _lay(notice, base, path)
    for year in years or ():
        if year not in calendars:
            raise CalendarError(
                f"no calendar for {year}: put its notice into a site folder"
            )
    try:
        return Calendar(years=calendars, zone=ZoneInfo(zone))
    except (KeyError, ValueError, OSError) as error:
        raise CalendarError(f"no zone {zone!r}: give one such as Asia/Shanghai") from error


def _site_files(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise CalendarError(
            f"{folder}: no such folder; create it or take it out of the settings"
        )
    return sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})


def _statutory_years() -> dict[int, YearCalendar]:
    table = _read(SHIPPED / "statutory.yaml", _Statutory)
    acts = sorted(table.acts, key=lambda act: act.since)
    calendars = {}
    for year, festivals in table.festivals.items():
        act = [act for act in acts if act.since <= year][-1]
        names: dict[date, str] = {}
        for festival, span in act.days.items():
            for offset in range(span.first, span.last + 1):
                day = festivals[festival] + timedelta(days=offset)
                names[day] = f"{names[day]}、{festival}" if day in names else festival
        calendars[year] = YearCalendar(
            year=year,
            off=frozenset(names),
            work=frozenset(),
            names=names,
            source=act.source,
            confirmed=False,
        )
    return calendars


def _lay(notice: _Notice, base: YearCalendar | None, path: Path) -> YearCalendar:
    """Return *base* as *notice* changes it: the statute for a notice, all for an overlay."""
    if base is None:
        if notice.overlay:
            raise CalendarError(
                f"{path}: overlay: there is no calendar of {notice.year} to lie on; "
                "add the State Council's notice of that year as well"
            )
        base = YearCalendar(
            year=notice.year,
            off=frozenset(),
            work=frozenset(),
            names={},
            source="",
            confirmed=False,
        )
    off, work = _ruled(notice, path)
    return YearCalendar(
        year=notice.year,
        off=base.off - work.keys() | off.keys(),
        work=base.work - off.keys() | work.keys(),
        names={**base.names, **off, **work},
        source=f"{base.source}；{notice.source}" if notice.overlay else notice.source,
        confirmed=base.confirmed or not notice.overlay,
    )


def _ruled(notice: _Notice, path: Path) -> tuple[dict[date, str], dict[date, str]]:
    """Return the off days and the make-up days of *notice* with their festivals."""
    off: dict[date, str] = {}
    work: dict[date, str] = {}
    neighbours = {(notice.year - 1, 12), (notice.year + 1, 1)}

    def rule(field: str, name: str, days: Iterable[date], ruled: dict[date, str]) -> None:
        for day in days:
            if day.year != notice.year and (day.year, day.month) not in neighbours:
                raise CalendarError(
                    f"{path}: {field}: {day} is not in {notice.year}, nor in the December "
                    "before or the January after it; correct the date or the year"
                )
            if day in off or day in work:
                twice = "twice" if day in ruled else "both rest and work"
                raise CalendarError(
                    f"{path}: {field}: {day} is {twice}; keep one of the two"
                )
            ruled[day] = name

    for place, entry in enumerate(notice.rest):
        if entry.last is not None and entry.last < entry.first:
            raise CalendarError(
                f"{path}: rest[{place}].to: {entry.last} is before {entry.first}; swap them"
            )
        rule(f"rest[{place}]", entry.name, _span(entry.first, entry.last), off)
    for place, made_up in enumerate(notice.work):
        rule(f"work[{place}]", made_up.name, [made_up.day], work)
    return off, work


def _span(first: date, last: date | None) -> Iterator[date]:
    for offset in range(((last or first) - first).days + 1):
        yield first + timedelta(days=offset)


class _Loader(yaml.SafeLoader):
    """Refuses a key written twice, of which YAML would keep the last, and says where."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value} is written twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:  # a date such as 02-30
            raise yaml.constructor.ConstructorError(
                None, None, f"{node.value}: {error}", node.start_mark
            ) from error


def _read(path: Path, model: type[M]) -> M:
    try:
        found = _Loader(path.read_text(encoding="utf-8-sig")).get_single_data()
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"]
        )
        where = place.removeprefix(".") or "the whole file"
        hint = "correct it; the shipped 2025.yaml shows the form"
        raise CalendarError(f"{path}: {where}: {first['msg']}; {hint}") from error
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "somewhere"
        raise CalendarError(f"{path}: {line}: {error.problem}; correct the YAML") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise CalendarError(f"{path}: {problem}; make it readable UTF-8 YAML") from error
