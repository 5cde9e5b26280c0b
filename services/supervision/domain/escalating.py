"""The supervision notice 督办通知单: issued to the head of the unit, received in person."""

from services.supervision.domain.commands import (
    IssueSupervisionNotice,
    ReceiveSupervisionNotice,
)
from services.supervision.domain.events import (
    MatterEvent,
    SupervisionNoticeIssued,
    SupervisionNoticeReceived,
)
from services.supervision.domain.refusals import (
    NoNoticePreparedError,
    NoticeInPersonError,
    NoticeToUnitHeadError,
    UnknownNoticeError,
)
from services.supervision.domain.state import MatterState
from services.supervision.domain.urging import expect_something_to_urge


def issue_notice(matter: MatterState, command: IssueSupervisionNotice) -> list[MatterEvent]:
    """Issue the notice that was prepared first to the head of the unit that leads, once."""
    expect_something_to_urge(matter)
    if matter.number is None or matter.lead is None or not matter.notices_prepared:
        raise NoNoticePreparedError
    if not command.heads_unit:
        raise NoticeToUnitHeadError(unit=matter.lead, person=command.unit_head)
    prepared = matter.notices_prepared[0]
    colours = {rung.code: rung.colour for rung in matter.rungs}
    return [
        SupervisionNoticeIssued(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=matter.lead,
            sheet_no=command.sheet_no,
            rung=prepared,
            colour=colours.get(prepared),
            unit_head=command.unit_head,
            issued_by=command.issued_by,
            issued_at=command.issued_at,
        )
    ]


def receive_notice(
    matter: MatterState, command: ReceiveSupervisionNotice
) -> list[MatterEvent]:
    """Let whom it was issued to receive it, once and in person."""
    unit_head = matter.notices.get(command.sheet_no)
    if matter.number is None or matter.lead is None or unit_head is None:
        raise UnknownNoticeError(sheet_no=command.sheet_no)
    if command.received_by != unit_head:
        raise NoticeInPersonError(sheet_no=command.sheet_no, unit_head=unit_head)
    if command.sheet_no in matter.notices_received:
        return []
    matter.expect_not_closed()
    return [
        SupervisionNoticeReceived(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            unit=matter.lead,
            sheet_no=command.sheet_no,
            received_by=command.received_by,
            received_at=command.received_at,
        )
    ]
