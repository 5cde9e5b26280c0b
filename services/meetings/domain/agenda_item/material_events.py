"""What can have happened to a stage of an item's materials."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label
from services.meetings.domain.words import MaterialStage, StageBasis


@dataclass(frozen=True, kw_only=True, slots=True)
class OfStage(Event):
    """What every event about a stage names: so that both sides can be told."""

    agenda_item_id: UUID
    organ: str
    meeting_id: UUID
    stage: MaterialStage
    owner_organ: str
    owner_unit: str
    office: str
    reviewing_committee: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialNearDue(OfStage):
    """It is near, and nothing is in (材料临期)."""

    label: ClassVar[Label] = Label("材料临期", "Material near due")

    due: datetime
    near: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialLate(OfStage):
    """It was not delivered in time (材料逾期)."""

    label: ClassVar[Label] = Label("材料逾期", "Material late")

    due: datetime
    statutory_last_day: date | None
    basis: StageBasis


@dataclass(frozen=True, kw_only=True, slots=True)
class StatutoryDayMissed(OfStage):
    """The last day that the law allows has passed without it (法定期限已过)."""

    label: ClassVar[Label] = Label("法定期限已过", "Statutory day missed")

    statutory_last_day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialDelivered(OfStage):
    """It is in, late or on time (材料送达)."""

    label: ClassVar[Label] = Label("材料送达", "Material delivered")

    due: datetime
    doc_no: str | None
    delivered_by: str
    delivered_at: datetime
    late: bool
    late_work_days: int
    days_after_statutory: int
    basis: StageBasis


@dataclass(frozen=True, kw_only=True, slots=True)
class LateMaterialAccepted(OfStage):
    """A leader accepted what came late; the lateness stays (逾期收件同意)."""

    label: ClassVar[Label] = Label("逾期收件同意", "Late material accepted")

    reason: str
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialReviewed(OfStage):
    """The reviewing committee has read it (材料审阅)."""

    label: ClassVar[Label] = Label("材料审阅", "Material reviewed")

    comments: int
    remarks: str | None
    reviewed_by: str
    reviewed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialWaived(OfStage):
    """A stage of local practice will not be needed (免交材料)."""

    label: ClassVar[Label] = Label("免交材料", "Material waived")

    reason: str
    waived_by: str
    waived_at: datetime


MaterialEvent: TypeAlias = (
    MaterialNearDue
    | MaterialLate
    | StatutoryDayMissed
    | MaterialDelivered
    | LateMaterialAccepted
    | MaterialReviewed
    | MaterialWaived
)
