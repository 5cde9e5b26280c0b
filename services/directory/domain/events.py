"""What can have happened to the directory's entries. Each says all there is to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label, Personal
from services.directory.domain.entries import OrganEntry, PersonEntry, UnitEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganChanged(Event):
    """An organ is there, or is called otherwise."""

    label: ClassVar[Label] = Label("机关变更", "Organ changed")

    entry: OrganEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitChanged(Event):
    """A unit is there, or something about it changed."""

    label: ClassVar[Label] = Label("单位变更", "Unit changed")

    entry: UnitEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonChanged(Event):
    """A person is in office, or something about them changed; whoever had left is back."""

    label: ClassVar[Label] = Label("人员变更", "Person changed")

    entry: PersonEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonNamed(Event):
    """A person has a name and contact targets."""

    label: ClassVar[Label] = Label("人员具名", "Person named")

    person: str
    subject: UUID
    name: Annotated[str, Personal(subject="subject")]
    mobile: Annotated[str | None, Personal(subject="subject")] = None
    email: Annotated[str | None, Personal(subject="subject")] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLeft(Event):
    """A person holds no post here any more; *entry* is what was known last."""

    label: ClassVar[Label] = Label("人员离任", "Person left")

    entry: PersonEntry
    left_at: datetime
    taken_over_by: str | None
    announced_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectErased(Event):
    """A person's name and contacts are to be forgotten everywhere, for good."""

    label: ClassVar[Label] = Label("个人信息删除", "Subject erased")

    person: str
    subject: UUID
    erased_by: str


OrganEvent: TypeAlias = OrganChanged
UnitEvent: TypeAlias = UnitChanged
PersonEvent: TypeAlias = PersonChanged | PersonNamed | PersonLeft | SubjectErased
