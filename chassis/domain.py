"""What every domain is made of: events, commands, refusals, and the category they belong to.

Pure: standard library only, no clock, no I/O. A domain module imports this one and
`chassis.workdays`, and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar


@dataclass(frozen=True, slots=True)
class Label:
    """What an office reads: Chinese first, English second."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks a `str` field of an event as personal: `Annotated[str, Personal(subject="…")]`.

    *subject* names the event's field that holds the UUID of whom the value is about.
    The codec encrypts such a field with that subject's key before it is hashed or stored.
    """

    subject: str


class Erased(str):
    """Stands where a personal field's key was erased; compares equal to nothing stored."""

    __slots__ = ()


ERASED = Erased("〔已删除〕")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A fact that was decided. A released event is never edited: add a field with a default.

    A subclass sets `label`; `schema_version` grows when stored data changes its shape,
    together with an upcaster in its category.
    """

    label: ClassVar[Label]
    schema_version: ClassVar[int] = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A wish that an aggregate grants with events or refuses."""


class RefusedError(Exception):
    """A rule refused: says which, where it comes from, and what was wrong.

    *zh* and *en* are templates over the keyword facts given when it is raised.
    """

    rule: ClassVar[str] = "refused"
    source: ClassVar[str] = "本系统"
    zh: ClassVar[str] = "操作被拒绝。"
    en: ClassVar[str] = "The act was refused."

    def __init__(self, **facts: object) -> None:
        super().__init__(f"{self.rule}: {self.en.format(**facts)}")
        self.facts = facts

    def message(self, language: str) -> str:
        """Return the message in *language* (`zh` or `en`)."""
        template = self.en if language == "en" else self.zh
        return template.format(**self.facts)


class UnknownItemError(RefusedError):
    """The item that a command names does not exist: nothing to act on."""

    rule = "unknown_item"
    zh = "没有这个事项，请核对编号。"
    en = "There is no such item: check the id."


C_contra = TypeVar("C_contra", contravariant=True)
E = TypeVar("E", bound=Event)


class Aggregate(Protocol[C_contra, E]):
    """Remembers only what it needs to decide. Frozen: `evolve` returns a new one."""

    def decide(self, command: C_contra, /) -> Sequence[E]:
        """Return the events that *command* causes, or raise a `RefusedError`."""
        ...

    def evolve(self, event: E, /) -> Self:
        """Return the aggregate after *event*. Never refuses, never validates."""
        ...


A = TypeVar("A", bound=Aggregate[Any, Any])
C = TypeVar("C")

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Category(Generic[A, C, E]):
    """One kind of stream: its name for ever, its empty aggregate and its closed set of events.

    A stored type is `<name>.<PastTense>`: the class name without *noun* in front,
    so `DocumentSigned` of category `outgoing` with noun `Document` is `outgoing.Signed`.
    *upcasters* maps (stored type, schema version) to a function that lifts the data by one.
    """

    name: str
    noun: str
    initial: A
    events: tuple[type[E], ...]
    commands: tuple[type[C], ...] = ()
    upcasters: Mapping[tuple[str, int], Upcaster] = field(default_factory=dict)

    def type_of(self, event_class: type[E]) -> str:
        """Return the stored type of *event_class*."""
        return f"{self.name}.{event_class.__name__.removeprefix(self.noun)}"
