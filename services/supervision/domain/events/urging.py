"""How a matter was kept from being forgotten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from chassis.domain import Event, Label, Personal
from services.supervision.domain.words import UrgeMeans


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterUrged(Event):
    """A unit was urged (催办): by hand on the telephone, or by a numbered sheet."""

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
    due: datetime
    outside_due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterOverdue(Event):
    """Its due date has passed without feedback: red."""

    label: ClassVar[Label] = Label("逾期", "Matter overdue")

    matter_id: UUID
    organ: str
    number: str | None
    lead: str | None
    co: tuple[str, ...]
    due: datetime
    outside_due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgingSheetPrepared(Event):
    """The ladder's first sheet waits for the supervision section to issue it."""

    label: ClassVar[Label] = Label("催办单待发", "Urging sheet prepared")

    matter_id: UUID
    organ: str
    number: str
    unit: str
    due: datetime


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
