"""The ladder 催办阶梯 (P-LADDER): data, checked when it is loaded, pinned when it is assigned."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from chassis.workdays import Calendar
from services.supervision.domain.words import Light, RungAt, SheetKind

CODE = re.compile(r"[a-z][a-z0-9_]{0,60}")
RUNG_FIELDS = {"code", "at", "after_work_days", "light", "sheet", "colour", "tell"}
COLOURS = ("blue", "orange", "red")  # LOC S41
TOLD = (
    "handler",
    "liaison",
    "responsible_person",
    "unit_head",
    "supervision_officer",
    "section_head",
    "office_head",
    "aide",
    "leader_in_charge",
    "principal",
)
MOST_RUNGS = 20
MOST_DAYS = 250  # about a year: beyond it a figure is a slip of the pen


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One rung as the policy says it: when, which light, which sheet, who is told.

    *after_work_days* counts from the due date where *at* is opening or closing. *tell* are
    codes of roles: the notifier's rules decide how they are told.
    """

    code: str
    at: RungAt
    after_work_days: int = 0
    light: Light
    sheet: SheetKind | None = None
    colour: str | None = None
    tell: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedRung:
    """A rung with its moment, as it is pinned on a matter."""

    code: str
    at: RungAt
    due_at: datetime
    light: Light
    sheet: SheetKind | None
    colour: str | None
    tell: tuple[str, ...]


def dated(
    rungs: Sequence[Rung], due: datetime, start: date, calendar: Calendar
) -> tuple[DatedRung, ...]:
    """Return *rungs* with their moments for a matter due at *due*, counted from *start*."""
    return tuple(
        DatedRung(
            code=rung.code,
            at=rung.at,
            due_at=_moment(rung, due, start, calendar),
            light=rung.light,
            sheet=rung.sheet,
            colour=rung.colour,
            tell=rung.tell,
        )
        for rung in rungs
    )


def resumed(
    rungs: Sequence[DatedRung],
    answered_at: datetime,
    now: datetime,
    calendar: Calendar,
) -> tuple[DatedRung, ...]:
    """Return *rungs*, those after the due date moved by the time the answer was reviewed.

    The office's own review never counts against the unit: the ladder goes on from where it
    stood when the unit *answered*, and none is reached by the sending back alone.
    """
    waited = calendar.work_days_between(calendar.day_of(answered_at), calendar.day_of(now))
    later = [_moved(rung, answered_at, waited, calendar) for rung in rungs]
    if any(is_step(rung) and answered_at < rung.due_at <= now for rung in later):
        waited += 1  # it passed on the day, or in the night, of the review itself
        later = [_moved(rung, answered_at, waited, calendar) for rung in rungs]
    return tuple(later)


def _moved(
    rung: DatedRung, answered_at: datetime, waited: int, calendar: Calendar
) -> DatedRung:
    if not is_step(rung) or rung.due_at <= answered_at or not waited:
        return rung
    day = calendar.day_of(calendar.add_work_days(calendar.day_of(rung.due_at), waited).due)
    opening = rung.at is RungAt.OPENING
    due_at = calendar.opening_of(day) if opening else calendar.end_of(day)
    return replace(rung, due_at=due_at)


def is_step(rung: DatedRung | Rung) -> bool:
    """Say whether the rung lies after the due date."""
    return rung.at in (RungAt.OPENING, RungAt.CLOSING)


def _moment(rung: Rung, due: datetime, start: date, calendar: Calendar) -> datetime:
    match rung.at:
        case RungAt.NEAR:
            return calendar.near(due, start)
        case RungAt.DUE:
            return due
        case RungAt.OPENING:
            return calendar.opening_of(_day(rung, due, calendar))
        case RungAt.CLOSING:
            return calendar.end_of(_day(rung, due, calendar))


def _day(rung: Rung, due: datetime, calendar: Calendar) -> date:
    later = calendar.add_work_days(calendar.day_of(due), rung.after_work_days)
    return calendar.day_of(later.due)


class LadderError(ValueError):
    """A ladder cannot be used: names the rung and says what is wrong."""


def ladder_of(values: Mapping[str, Any]) -> tuple[Rung, ...]:
    """Return the ladder that a policy's *values* say. Raises `LadderError`."""
    written = values.get("rungs")
    if set(values) != {"rungs"} or not isinstance(written, list):
        raise LadderError("a ladder is a list of rungs, under the name rungs")
    if not 1 <= len(written) <= MOST_RUNGS:
        raise LadderError(f"a ladder has 1 to {MOST_RUNGS} rungs")
    rungs = tuple(_rung(n, each) for n, each in enumerate(written, 1))
    _expect_order(rungs)
    return rungs


def _rung(place: int, written: Any) -> Rung:
    if not isinstance(written, Mapping) or not CODE.fullmatch(str(written.get("code", ""))):
        raise LadderError(f"rung {place} has no code such as urging_sheet")
    code, given = str(written["code"]), dict(written)
    if unknown := sorted(map(str, given.keys() - RUNG_FIELDS)):
        raise LadderError(f"rung {code} knows no {', '.join(unknown)}")
    at = RungAt(_known(code, "at", given.get("at"), RungAt))
    days = given.get("after_work_days", 0)
    after = at in (RungAt.OPENING, RungAt.CLOSING)
    if type(days) is not int or not (1 if after else 0) <= days <= (MOST_DAYS * after):
        raise LadderError(
            f"rung {code} stands {days} working days after: give 1 to {MOST_DAYS} at "
            "opening or closing, and none at near or due"
        )
    sheet = given.get("sheet")
    if sheet is not None and not after:
        raise LadderError(f"rung {code} calls for a sheet before the due date has passed")
    tell = given.get("tell") or []
    if not isinstance(tell, list):
        raise LadderError(f"rung {code} tells a list of roles")
    colour = given.get("colour")
    return Rung(
        code=code,
        at=at,
        after_work_days=days,
        light=Light(_known(code, "light", given.get("light"), Light)),
        sheet=None if sheet is None else SheetKind(_known(code, "sheet", sheet, SheetKind)),
        colour=None if colour is None else _known(code, "colour", colour, COLOURS),
        tell=tuple(_known(code, "role", role, TOLD) for role in tell),
    )


def _known(code: str, what: str, said: Any, known: Iterable[str]) -> str:
    codes = [str(each) for each in known]
    if said not in codes:
        raise LadderError(f"rung {code}: {what} is {said!r}, not one of {', '.join(codes)}")
    return str(said)


def _expect_order(rungs: Sequence[Rung]) -> None:
    codes = [rung.code for rung in rungs]
    for code in codes:
        if codes.count(code) > 1:
            raise LadderError(f"rung {code} stands there twice")
    if [rung.at for rung in rungs].count(RungAt.DUE) != 1:
        raise LadderError("a ladder has one rung at due, where the light turns")
    for below, above in pairwise(rungs):
        if _place(below) >= _place(above):
            raise LadderError(f"rung {above.code} does not lie after rung {below.code}")


def _place(rung: Rung) -> tuple[int, int, int]:
    stage = {RungAt.NEAR: 0, RungAt.DUE: 1}.get(rung.at, 2)
    return stage, rung.after_work_days, int(rung.at is RungAt.CLOSING)
