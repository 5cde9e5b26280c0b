"""Units are urged: by telephone, by a sheet."""

from chassis.domain import UnknownItemError
from chassis.testing import given
from services.supervision.domain.commands import (
    IssueUrgingSheet,
    ReceiveUrgingSheet,
    UrgeByPhone,
)
from services.supervision.domain.events import (
    MatterUrged,
    UrgingSheetReceived,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AlreadyClosedError,
    NoSheetPreparedError,
    NotAssignedToUnitError,
    NothingToUrgeError,
    SheetToAnotherUnitError,
    UnknownSheetError,
)
from services.supervision.domain.words import UrgeMeans
from tests.support.matter_timers import (
    ASSIGN_TIMER,
    ID,
    ISSUED,
    LEAD,
    LIGHTS,
    NUMBER,
    PREPARED,
    SHEET,
    SHEET_TIMER,
    TOWN,
    TOWN_TIMER,
    at,
)

ISSUE = IssueUrgingSheet(
    matter_id=ID, sheet_no=SHEET, issued_by="wang.lei", issued_at=at("05-07 09:05")
)
SHEET_RECEIVED = UrgingSheetReceived(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    sheet_no=SHEET,
    received_by="deng.jie",
    received_at=at("05-07 09:20"),
)


def call(unit: str) -> UrgeByPhone:
    return UrgeByPhone(
        matter_id=ID,
        unit=unit,
        urged_by="wang.lei",
        urged_at=at("04-25 19:58"),
        spoken_to="沈芳",
    )


def sheet_receipt(unit: str = LEAD, sheet_no: str = SHEET) -> ReceiveUrgingSheet:
    return ReceiveUrgingSheet(
        matter_id=ID,
        sheet_no=sheet_no,
        unit=unit,
        received_by="deng.jie",
        received_at=at("05-07 09:20"),
    )


def test_a_call_urges_an_assigned_unit_as_often_as_it_is_made(assigned: Matter) -> None:
    called = MatterUrged(
        matter_id=ID,
        organ="gov",
        number=NUMBER,
        unit=TOWN,
        means=UrgeMeans.PHONE,
        by_hand=True,
        urged_by="wang.lei",
        urged_at=at("04-25 19:58"),
        spoken_to="沈芳",
    )
    given(assigned).when(call(TOWN)).then(called)
    given(assigned, called).when(call(TOWN)).then(called)
    given(assigned).when(call("县财政局")).then_refused(NotAssignedToUnitError)


def test_what_is_completed_is_not_urged(completed: Matter, closed: Matter) -> None:
    given(completed).when(call(LEAD)).then_refused(NothingToUrgeError)
    given(completed, PREPARED).when(ISSUE).then_refused(NothingToUrgeError)
    given(closed).when(call(LEAD)).then_refused(AlreadyClosedError)
    given(closed).when(ISSUE).then_refused(AlreadyClosedError)


def test_a_prepared_sheet_is_issued_once(received: Matter) -> None:
    given(received).when(ISSUE).then_refused(NoSheetPreparedError)
    given(received, PREPARED).when(ISSUE).then(ISSUED)
    given(received, PREPARED, ISSUED).when(ISSUE).then_refused(NoSheetPreparedError)


def test_the_urged_unit_receives_its_sheet_once(received: Matter) -> None:
    issued = (PREPARED, ISSUED)
    given(received, *issued).when(sheet_receipt()).then(SHEET_RECEIVED)
    given(received, *issued, SHEET_RECEIVED).when(sheet_receipt()).then_nothing()


def test_only_the_urged_unit_receives_a_sheet_that_was_issued(received: Matter) -> None:
    issued = (PREPARED, ISSUED)
    given(received, PREPARED).when(sheet_receipt()).then_refused(
        UnknownSheetError, sheet_no=SHEET
    )
    given(received, *issued).when(
        sheet_receipt(sheet_no="云政督催〔2025〕8号")
    ).then_refused(UnknownSheetError)
    given(received, *issued).when(sheet_receipt(TOWN)).then_refused(
        SheetToAnotherUnitError, unit=LEAD
    )


def test_a_sheet_of_a_closed_matter_is_received_no_more(closed: Matter) -> None:
    given(closed, PREPARED, ISSUED).when(sheet_receipt()).then_refused(AlreadyClosedError)


def test_timers_of_an_unknown_matter_do_nothing_and_acts_are_refused() -> None:
    for timer in (ASSIGN_TIMER, TOWN_TIMER, SHEET_TIMER, *(timer for timer, _ in LIGHTS)):
        given(Matter()).when(timer).then_nothing()
    for act in (call(LEAD), ISSUE, sheet_receipt()):
        given(Matter()).when(act).then_refused(UnknownItemError)
