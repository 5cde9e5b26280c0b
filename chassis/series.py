"""Number series: numbers without gaps, drawn one at a time under a lock.

A number looks like 收〔2025〕417号: mark, year, serial (条例 art 9; GB/T 9704 7.2.5).
"""

import json
from dataclasses import dataclass, replace
from typing import ClassVar, Self, TypeAlias, assert_never, get_args
from uuid import UUID, uuid5

from chassis.domain import Category, Command, Event, Label, RefusedError
from chassis.store import Transaction

SERIES = UUID("6d0f5f0b-6f7f-5d43-8f2e-7c1f6a0d9b21")  # name space of series ids


class SeriesNotOpenError(RefusedError):
    """Nobody opened this series: a typo must not begin a new one."""

    rule = "series_is_open"
    source = "编号规则"
    zh = "编号系列“{mark}〔{year}〕”尚未启用，请先由管理员启用。"
    en = "The number series {mark}〔{year}〕 is not open: an operator opens it first."


class SeriesBehindError(RefusedError):
    """The series has already drawn past the last number that it is said to begin after."""

    rule = "series_never_goes_back"
    source = "编号规则"
    zh = "该系列已编至{last}号，不能退回。"
    en = "The series has reached number {last} and never goes back."


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesOpened(Event):
    """Numbers may be drawn from it, from the one after *last*."""

    label: ClassVar[Label] = Label("启用编号", "Number series opened")

    organ: str
    mark: str
    year: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberDrawn(Event):
    """One number has an owner, for ever."""

    label: ClassVar[Label] = Label("编号", "Number drawn")

    serial: int
    number: str
    item_id: UUID


SeriesEvent: TypeAlias = SeriesOpened | NumberDrawn


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSeries(Command):
    """Begin the series after *last*; again with the same number does nothing."""

    organ: str
    mark: str
    year: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawNumber(Command):
    """Draw the next number for *item_id*."""

    mark: str
    year: int
    item_id: UUID


SeriesCommand: TypeAlias = OpenSeries | DrawNumber


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A number series, reduced to its name and its last number."""

    mark: str | None = None
    year: int = 0
    last: int = 0
    first_last: int = 0

    @property
    def number(self) -> str:
        """The number that was drawn last."""
        return f"{self.mark}〔{self.year}〕{self.last}号"

    def decide(self, command: SeriesCommand) -> list[SeriesEvent]:
        """Return the events that *command* causes, or refuse it."""
        match command:
            case OpenSeries():
                return self._open(command)
            case DrawNumber():
                return self._draw(command)
            case _:
                assert_never(command)

    def evolve(self, event: SeriesEvent) -> Self:
        """Return the series after *event*."""
        match event:
            case SeriesOpened(mark=mark, year=year, last=last):
                return replace(self, mark=mark, year=year, last=last, first_last=last)
            case NumberDrawn(serial=serial):
                return replace(self, last=serial)
            case _:
                assert_never(event)

    def _open(self, command: OpenSeries) -> list[SeriesEvent]:
        if self.mark is None:
            return [
                SeriesOpened(
                    organ=command.organ,
                    mark=command.mark,
                    year=command.year,
                    last=command.last,
                )
            ]
        if command.last != self.first_last:
            raise SeriesBehindError(last=self.last)
        return []

    def _draw(self, command: DrawNumber) -> list[SeriesEvent]:
        if self.mark is None:
            raise SeriesNotOpenError(mark=command.mark, year=command.year)
        drawn = replace(self, last=self.last + 1)
        return [
            NumberDrawn(serial=drawn.last, number=drawn.number, item_id=command.item_id)
        ]


NUMBER_SERIES = Category(
    name="series",
    noun="Series",
    initial=Series(),
    events=get_args(SeriesEvent),
    commands=get_args(SeriesCommand),
)


def series_id(organ: str, mark: str, year: int) -> UUID:
    """Return the id of an organ's series: each organ has its own of every mark and year."""
    return uuid5(SERIES, json.dumps([organ, mark, year]))


async def draw(
    transaction: Transaction, *, organ: str, mark: str, year: int, item_id: UUID
) -> str:
    """Draw the next number of a series for *item_id*, in *transaction*.

    Raises `SeriesNotOpenError`.
    """
    series = series_id(organ, mark, year)
    await transaction.lock(NUMBER_SERIES, series)
    command = DrawNumber(mark=mark, year=year, item_id=item_id)
    return (await transaction.execute(NUMBER_SERIES, series, command)).number
