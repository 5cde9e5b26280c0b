"""Small aggregates for tests of the chassis: a counter, and a note with a personal field."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self, TypeAlias, assert_never, get_args
from uuid import UUID, uuid4

from chassis.domain import Category, Command, Event, Label, Personal, RefusedError
from chassis.store import Cause

NOON = datetime(2025, 4, 25, 4, 0, tzinfo=UTC)


def cause(command_id: UUID | None = None, **given: Any) -> Cause:
    """Return a cause for one command: a new one, or a repeat of *command_id*."""
    known: dict[str, Any] = {"actor": "sun.li", "occurred_at": NOON}
    return Cause(command_id=command_id or uuid4(), **(known | given))


class FullError(RefusedError):
    """The counter does not go beyond its limit."""

    rule = "counter_has_a_limit"
    zh = "计数已满。"
    en = "The counter is full at {total}."


@dataclass(frozen=True, kw_only=True, slots=True)
class CounterRaised(Event):
    """It was raised by *by*."""

    label: ClassVar[Label] = Label("加", "Counter raised")

    counter_id: UUID
    by: int
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CounterReset(Event):
    """It stands at zero again."""

    label: ClassVar[Label] = Label("清零", "Counter reset")

    counter_id: UUID


CounterEvent: TypeAlias = CounterRaised | CounterReset


@dataclass(frozen=True, kw_only=True, slots=True)
class RaiseCounter(Command):
    """Raise it by one, *times* times, but never beyond *at_most*."""

    counter_id: UUID
    times: int = 1
    at_most: int = 1_000_000
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ResetCounter(Command):
    """Set it to zero; at zero nothing happens."""

    counter_id: UUID


CounterCommand: TypeAlias = RaiseCounter | ResetCounter


@dataclass(frozen=True, kw_only=True, slots=True)
class Counter:
    """Where the counter stands."""

    total: int = 0

    def decide(self, command: CounterCommand) -> list[CounterEvent]:
        """Return the events that *command* causes, or refuse it."""
        match command:
            case RaiseCounter():
                if self.total + command.times > command.at_most:
                    raise FullError(total=self.total)
                raised = CounterRaised(
                    counter_id=command.counter_id, by=1, remark=command.remark
                )
                return [raised] * command.times
            case ResetCounter():
                return [CounterReset(counter_id=command.counter_id)] if self.total else []
            case _:
                assert_never(command)

    def evolve(self, event: CounterEvent) -> Self:
        """Return the counter after *event*."""
        match event:
            case CounterRaised(by=by):
                return replace(self, total=self.total + by)
            case CounterReset():
                return replace(self, total=0)
            case _:
                assert_never(event)


COUNTER: Category[Counter, CounterCommand, CounterEvent] = Category(
    name="counter",
    noun="Counter",
    initial=Counter(),
    events=get_args(CounterEvent),
    commands=get_args(CounterCommand),
)
OLDER_COUNTER: Category[Counter, CounterCommand, CounterEvent] = replace(
    COUNTER, events=(CounterRaised,)
)
"""The counter as a program knows it that was released before `CounterReset`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteWritten(Event):
    """Somebody wrote a note. Version 1 said *body*; version 2 had no *pages*."""

    label: ClassVar[Label] = Label("写便条", "Note written")
    schema_version: ClassVar[int] = 3

    note_id: UUID
    text: str
    pages: int
    author: Annotated[str | None, Personal(subject="note_id")] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteNote(Command):
    """Write a note."""

    note_id: UUID
    text: str
    author: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A note, and who wrote it last."""

    text: str = ""
    author: str | None = None

    def decide(self, command: WriteNote) -> list[NoteWritten]:
        """Return the events that *command* causes."""
        return [
            NoteWritten(
                note_id=command.note_id, text=command.text, pages=1, author=command.author
            )
        ]

    def evolve(self, event: NoteWritten) -> Self:
        """Return the note after *event*."""
        return replace(self, text=event.text, author=event.author)


def _body_became_text(data: dict[str, Any]) -> dict[str, Any]:
    return {("text" if name == "body" else name): value for name, value in data.items()}


def _pages_are_counted(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"pages": 1}


NOTE: Category[Note, WriteNote, NoteWritten] = Category(
    name="note",
    noun="Note",
    initial=Note(),
    events=(NoteWritten,),
    commands=(WriteNote,),
    upcasters={
        ("note.Written", 1): _body_became_text,
        ("note.Written", 2): _pages_are_counted,
    },
)
