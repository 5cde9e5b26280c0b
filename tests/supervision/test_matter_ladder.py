"""The ladder: rungs are reached once and in order, rest while a result waits, and go on."""

from dataclasses import replace

import pytest

from chassis.testing import given
from services.supervision.domain.commands import (
    IssueSupervisionNotice,
    ReachRung,
    ReceiveSupervisionNotice,
)
from services.supervision.domain.events import (
    SupervisionNoticeIssued,
    SupervisionNoticeReceived,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    NoNoticePreparedError,
    NothingToUrgeError,
    NoticeInPersonError,
    NoticeToUnitHeadError,
    UnknownNoticeError,
)
from tests.support.matter_feedback import RESULT, given_by
from tests.support.matter_timers import (
    ESCALATED,
    ID,
    LEAD,
    NOTICE_TIMER,
    NUMBER,
    OVERDUE,
    PREPARED,
    PRINCIPAL_TIMER,
    SHEET_TIMER,
    TO_PRINCIPAL,
    at,
)

NOTICE = "云政督办〔2025〕4号"
ISSUE = IssueSupervisionNotice(
    matter_id=ID,
    sheet_no=NOTICE,
    unit_head="luo.hai",
    heads_unit=True,
    issued_by="sun.li",
    issued_at=at("05-08 18:10"),
)
ISSUED = SupervisionNoticeIssued(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    sheet_no=NOTICE,
    rung="supervision_notice",
    colour="orange",
    unit_head="luo.hai",
    issued_by="sun.li",
    issued_at=at("05-08 18:10"),
)
RECEIPT = ReceiveSupervisionNotice(
    matter_id=ID, sheet_no=NOTICE, received_by="luo.hai", received_at=at("05-08 18:25")
)
RECEIVED = SupervisionNoticeReceived(
    matter_id=ID,
    organ="gov",
    number=NUMBER,
    unit=LEAD,
    sheet_no=NOTICE,
    received_by="luo.hai",
    received_at=at("05-08 18:25"),
)
FIRST = replace(RESULT, submitted_at=at("05-08 20:10"))


def test_each_rung_is_reached_at_its_moment_and_once(received: Matter) -> None:
    given(received, OVERDUE).when(SHEET_TIMER).then(PREPARED)
    given(received, OVERDUE, PREPARED).when(SHEET_TIMER).then_nothing()
    given(received, OVERDUE, PREPARED).when(NOTICE_TIMER).then(ESCALATED)
    given(received, OVERDUE, PREPARED, ESCALATED).when(NOTICE_TIMER).then_nothing()
    given(received, OVERDUE, PREPARED, ESCALATED).when(PRINCIPAL_TIMER).then(TO_PRINCIPAL)


def test_what_lies_below_a_rung_comes_first(received: Matter) -> None:
    given(received).when(PRINCIPAL_TIMER).then(OVERDUE, PREPARED, ESCALATED, TO_PRINCIPAL)


@pytest.mark.parametrize(
    "superseded",
    [replace(SHEET_TIMER, at=at("05-08 08:30")), replace(SHEET_TIMER, rung="unknown")],
)
def test_a_timer_of_a_rung_that_moved_or_is_gone_does_nothing(
    received: Matter, superseded: ReachRung
) -> None:
    given(received).when(superseded).then_nothing()


def test_no_rung_is_reached_before_a_unit_leads_and_once_a_result_is_in(
    opened: Matter, received: Matter, completed: Matter
) -> None:
    given(opened).when(SHEET_TIMER).then_nothing()
    given(received, given_by(FIRST)).when(SHEET_TIMER).then_nothing()
    given(completed).when(PRINCIPAL_TIMER).then_nothing()


def test_a_prepared_notice_goes_to_the_head_of_the_unit_once(received: Matter) -> None:
    given(received).when(ISSUE).then_refused(NoNoticePreparedError)
    given(received, ESCALATED).when(ISSUE).then(ISSUED)
    given(received, ESCALATED, ISSUED).when(ISSUE).then_refused(NoNoticePreparedError)
    liaison = replace(ISSUE, unit_head="deng.jie", heads_unit=False)
    given(received, ESCALATED).when(liaison).then_refused(
        NoticeToUnitHeadError, unit=LEAD, person="deng.jie"
    )


def test_what_is_completed_gets_no_notice(completed: Matter) -> None:
    given(completed, ESCALATED).when(ISSUE).then_refused(NothingToUrgeError)


def test_two_prepared_notices_are_issued_in_their_order(received: Matter) -> None:
    red = replace(ISSUED, sheet_no="云政督办〔2025〕5号", rung="principal", colour="red")
    given(received, ESCALATED, TO_PRINCIPAL, ISSUED).when(
        replace(ISSUE, sheet_no="云政督办〔2025〕5号")
    ).then(red)


def test_the_head_of_the_unit_receives_the_notice_in_person_and_once(
    received: Matter,
) -> None:
    past = (ESCALATED, ISSUED)
    given(received, *past).when(RECEIPT).then(RECEIVED)
    given(received, *past, RECEIVED).when(RECEIPT).then_nothing()
    for somebody in ("deng.jie", "tang.yong", "he.qiang"):
        given(received, *past).when(replace(RECEIPT, received_by=somebody)).then_refused(
            NoticeInPersonError, unit_head="luo.hai"
        )
    given(received, ESCALATED).when(RECEIPT).then_refused(UnknownNoticeError)
