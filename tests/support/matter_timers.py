"""The timers and sheets of the sample matter."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from services.supervision.domain.commands import (
    MarkAssignmentOverdue,
    MarkNearDue,
    MarkOverdue,
    MarkReceiptOverdue,
    ReachRung,
)
from services.supervision.domain.events import (
    MatterEscalated,
    MatterEvent,
    MatterNearDue,
    MatterOverdue,
    MatterUrged,
    UrgingSheetPrepared,
)
from services.supervision.domain.words import Light, SheetKind, UrgeMeans

ID = UUID(int=1)

NUMBER, LEAD, TOWN = "云政督〔2025〕31号", "县水利局", "青石镇"

CO = ("县应急管理局", TOWN)

SHEET = "云政督催〔2025〕9号"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


ASSIGN_DUE, RECEIVE_DUE = at("04-25 19:42"), at("04-25 19:50")

DUE, MOVED, CITY_DUE = at("05-06 18:00"), at("05-07 18:00"), at("05-09 18:00")

PREPARED = UrgingSheetPrepared(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    due=DUE,
    rung="urging_sheet",
    light=Light.RED,
    colour="blue",
)

ISSUED = MatterUrged(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    means=UrgeMeans.SHEET,
    by_hand=False,
    urged_by="wang.lei",
    urged_at=at("05-07 09:05"),
    sheet_no=SHEET,
    colour="blue",
)

NEAR = MatterNearDue(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    lead=LEAD,
    co=CO,
    addressed_organ=None,
    due=DUE,
    outside_due=CITY_DUE,
    light=Light.YELLOW,
)

OVERDUE = MatterOverdue(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    lead=LEAD,
    co=CO,
    addressed_organ=None,
    due=DUE,
    outside_due=CITY_DUE,
    light=Light.RED,
)

ASSIGN_TIMER = MarkAssignmentOverdue(matter_id=ID, due=ASSIGN_DUE)

TOWN_TIMER = MarkReceiptOverdue(matter_id=ID, unit=TOWN, due=RECEIVE_DUE)

LIGHTS: list[tuple[MarkNearDue | MarkOverdue, MatterEvent]] = [
    (MarkNearDue(matter_id=ID, due=DUE), NEAR),
    (MarkOverdue(matter_id=ID, due=DUE), OVERDUE),
]

SHEET_TIMER = ReachRung(matter_id=ID, rung="urging_sheet", at=at("05-07 08:30"))

NOTICE_TIMER = ReachRung(matter_id=ID, rung="supervision_notice", at=at("05-08 18:00"))

PRINCIPAL_TIMER = ReachRung(matter_id=ID, rung="principal", at=at("05-13 18:00"))

ESCALATED = MatterEscalated(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    rung="supervision_notice",
    due=DUE,
    light=Light.RED,
    sheet=SheetKind.SUPERVISION_NOTICE,
    colour="orange",
    tell=("unit_head", "section_head"),
)

TO_PRINCIPAL = replace(
    ESCALATED, rung="principal", colour="red", tell=("principal", "section_head")
)
