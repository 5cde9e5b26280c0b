"""The congress's matter C-1 on the government, and the government's sub-matter M-2."""

from datetime import UTC, date, datetime
from functools import reduce
from uuid import UUID

from chassis.calendars import load_calendar
from services.supervision.domain.commands import (
    AssignMatter,
    DecomposeMatter,
    MatterCommand,
    NoteHandlingReport,
    NoteSatisfactionVote,
    NoteSubMatterCompleted,
    OpenByHand,
    OpenFromOpinion,
    ReceiveMatter,
)
from services.supervision.domain.events import (
    HandlingReportNoted,
    MatterClosed,
    MatterCompleted,
    SatisfactionVoteNoted,
    SubMatterCompleted,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.rhythm import Rhythm
from tests.support.matter_opening import LIMITS

CALENDAR = load_calendar([2025])
C1, M2, OPINION, MEETING = (UUID(int=n) for n in (21, 22, 23, 24))
OPINION_NO = "云人常办〔2025〕21号"
NUMBER = "云政督〔2025〕32号"
LEAD, FINANCE, TOWN = "县水利局", "县财政局", "青石镇"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


HANDED_OVER = OpenFromOpinion(
    matter_id=C1,
    organ="npc",
    opinion_id=OPINION,
    opinion_no=OPINION_NO,
    addressed_organ="gov",
    handed_over_by="xu.hui",
    handed_over_at=at("06-27 10:00"),
    due=at("09-28 18:00"),
    statutory_last_day=date(2025, 9, 27),
    comment_due=at("09-12 18:00"),
    calendar=CALENDAR,
)
BY_HAND = OpenByHand(
    matter_id=M2,
    organ="gov",
    asked_by="zhou.zhiyuan",
    asked_at=at("06-27 15:30"),
    opened_at=at("06-27 16:00"),
    subject="审议意见研究处理",
    lead=LEAD,
    co=(FINANCE, TOWN),
    due=date(2025, 8, 29),
    parent_id=C1,
    rhythm=Rhythm(monthly_day=25),
    calendar=CALENDAR,
)
CHILD = DecomposeMatter(
    matter_id=C1,
    child_id=M2,
    child_organ="gov",
    child_due=at("08-29 18:00"),
    calendar=CALENDAR,
)
CHILD_DONE = NoteSubMatterCompleted(
    matter_id=C1,
    child_id=M2,
    child_number=NUMBER,
    submitted_at=at("08-28 17:00"),
    noted_by="system:supervision",
    noted_at=at("08-29 10:00"),
    calendar=CALENDAR,
)
REPORT = NoteHandlingReport(
    matter_id=C1,
    report_no="云政函〔2025〕34号",
    delivered_by="liu.min",
    submitted_at=at("09-23 15:30"),
    noted_by="system:supervision",
    noted_at=at("09-23 15:30"),
    calendar=CALENDAR,
)
VOTE = NoteSatisfactionVote(
    matter_id=C1,
    meeting_id=MEETING,
    satisfied=True,
    voted_at=at("10-17 10:30"),
    due_again=None,
    comment_due_again=None,
    noted_by="system:supervision",
    calendar=CALENDAR,
)
ASSIGN = AssignMatter(
    matter_id=M2,
    number=NUMBER,
    subject="审议意见研究处理",
    requirement="逐条研究处理，报结果",
    lead=LEAD,
    responsible_person="tang.yong",
    co=(FINANCE, TOWN),
    assigned_by="sun.li",
    assigned_at=at("06-27 16:00"),
    limits=LIMITS,
    calendar=CALENDAR,
)
RECEIVE = ReceiveMatter(
    matter_id=M2, unit=LEAD, received_by="deng.jie", received_at=at("06-27 16:20")
)

NOTED = HandlingReportNoted(
    matter_id=C1,
    organ="npc",
    number=OPINION_NO,
    addressed_organ="gov",
    report_no="云政函〔2025〕34号",
    delivered_by="liu.min",
    submitted_at=at("09-23 15:30"),
)
COMPLETED = MatterCompleted(
    matter_id=C1,
    organ="npc",
    number=OPINION_NO,
    lead=None,
    co=(),
    addressed_organ="gov",
    parent_id=None,
    source_document_id=None,
    feedback_id=None,
    report_no="云政函〔2025〕34号",
    due=at("09-28 18:00"),
    submitted_at=at("09-23 15:30"),
    late=False,
    late_work_days=0,
)
VOTED = SatisfactionVoteNoted(
    matter_id=C1,
    organ="npc",
    number=OPINION_NO,
    addressed_organ="gov",
    meeting_id=MEETING,
    satisfied=True,
    voted_at=at("10-17 10:30"),
)
CLOSED = MatterClosed(
    matter_id=C1,
    organ="npc",
    number=OPINION_NO,
    lead=None,
    co=(),
    addressed_organ="gov",
    source_document_id=None,
    due=at("09-28 18:00"),
    submitted_at=at("09-23 15:30"),
    closed_by="system:supervision",
    closed_at=at("10-17 10:30"),
    late=False,
    late_work_days=0,
)
CHILD_NOTED = SubMatterCompleted(
    matter_id=C1,
    organ="npc",
    number=OPINION_NO,
    lead=None,
    co=(),
    child_id=M2,
    child_number=NUMBER,
    submitted_at=at("08-28 17:00"),
)


def following(*commands: MatterCommand) -> Matter:
    """Return a matter after every one of *commands* was granted."""

    def grant(matter: Matter, command: MatterCommand) -> Matter:
        return reduce(Matter.evolve, matter.decide(command), matter)

    return reduce(grant, commands, Matter())
