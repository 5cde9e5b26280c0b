"""How a matter was kept from being forgotten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from chassis.domain import Event, Label, Personal
from services.supervision.domain.words import Light, SheetKind, UrgeMeans


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterUrged(Event):
    """A unit was urged (催办): by hand on the telephone, by a numbered sheet, or by a timer."""

    label: ClassVar[Label] = Label("催办", "Matter urged")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    means: UrgeMeans
    by_hand: bool
    urged_by: str
    urged_at: datetime
    sheet_no: str | None = None
    colour: str | None = None
    spoken_to: Annotated[str | None, Personal(subject="matter_id")] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterNearDue(Event):
    """Its due date is near: yellow."""

    label: ClassVar[Label] = Label("临期", "Matter near due")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    addressed_organ: str | None
    due: datetime
    outside_due: datetime | None
    light: Light


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterOverdue(Event):
    """Its due date has passed without feedback: red."""

    label: ClassVar[Label] = Label("逾期", "Matter overdue")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    addressed_organ: str | None
    due: datetime
    outside_due: datetime | None
    light: Light


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgingSheetPrepared(Event):
    """An urging sheet of the ladder waits for the supervision section to issue it."""

    label: ClassVar[Label] = Label("催办单待发", "Urging sheet prepared")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    due: datetime
    rung: str
    light: Light
    colour: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgingSheetReceived(Event):
    """The unit received the sheet."""

    label: ClassVar[Label] = Label("催办单签收", "Urging sheet received")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    sheet_no: str
    received_by: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterEscalated(Event):
    """A rung above the urging sheet is reached (升级): *tell* are the roles to be told.

    With a *sheet* it waits for the supervision section to issue it to the unit's head.
    """

    label: ClassVar[Label] = Label("升级", "Matter escalated")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    rung: str
    due: datetime
    light: Light
    sheet: SheetKind | None
    colour: str | None
    tell: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SupervisionNoticeIssued(Event):
    """A supervision notice (督办通知单) went to the head of the unit that leads."""

    label: ClassVar[Label] = Label("督办通知单", "Supervision notice issued")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    sheet_no: str
    rung: str
    colour: str | None
    unit_head: str
    issued_by: str
    issued_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SupervisionNoticeReceived(Event):
    """The head of the unit received the notice in person."""

    label: ClassVar[Label] = Label("督办通知单签收", "Supervision notice received")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    sheet_no: str
    received_by: str
    received_at: datetime
