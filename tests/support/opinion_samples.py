"""The opinion of the scenario, 云人常办〔2025〕21号, at each stage of its life."""

from datetime import date
from typing import Any

from services.meetings.domain.opinion.commands import (
    CommentHandlingReport,
    DeliverHandlingReport,
    DraftHandlingReport,
    DraftOpinion,
    HandOverOpinion,
    OpenOpinion,
    PassOpinion,
    RecordSatisfactionVote,
)
from services.meetings.domain.opinion.opinion import Opinion
from tests.support.meeting_samples import (
    CALENDAR,
    ITEM_ID,
    MEETING_ID,
    OPINION_ID,
    TITLE,
    at,
    did,
    limits,
    meeting_body,
)

NUMBER = "云人常办〔2025〕21号"
OPEN = OpenOpinion(
    opinion_id=OPINION_ID,
    organ="npc",
    agenda_item_id=ITEM_ID,
    meeting_id=MEETING_ID,
    title=TITLE,
    reviewing_committee="agriculture-committee",
    addressed_organ="gov",
    addressed_unit="government-office",
    opened_at=at("06-20 11:32"),
    limits=limits(),
    calendar=CALENDAR,
)
PASS = PassOpinion(
    opinion_id=OPINION_ID,
    meeting_body=meeting_body("npc.chairpersons"),
    ordinal=62,
    recorded_by="ding.qian",
    passed_at=at("06-26 15:00"),
)
COMMENT = CommentHandlingReport(
    opinion_id=OPINION_ID,
    comments=1,
    remarks=None,
    commented_by="cao.wei",
    commented_at=at("09-16 10:00"),
)


def draft(when: str = "06-25 15:00") -> DraftOpinion:
    """Hand in what the committee compiled."""
    return DraftOpinion(
        opinion_id=OPINION_ID,
        text="一要健全台账。",
        drafted_by="cao.wei",
        drafted_at=at(when),
        calendar=CALENDAR,
    )


def hand_over(when: str = "06-27 10:00") -> HandOverOpinion:
    """Hand it over under its number."""
    return HandOverOpinion(
        opinion_id=OPINION_ID,
        number=NUMBER,
        handed_over_by="han.bing",
        handed_over_at=at(when),
        limits=limits(),
        calendar=CALENDAR,
    )


def draft_report(when: str = "09-10 09:30") -> DraftHandlingReport:
    """Send the draft of the report to the committee."""
    return DraftHandlingReport(
        opinion_id=OPINION_ID, drafted_by="liu.min", drafted_at=at(when), calendar=CALENDAR
    )


def report(when: str = "09-23 15:30") -> DeliverHandlingReport:
    """Deliver the report."""
    return DeliverHandlingReport(
        opinion_id=OPINION_ID,
        doc_no="云政函〔2025〕34号",
        delivered_by="liu.min",
        delivered_at=at(when),
        calendar=CALENDAR,
    )


def vote(satisfied: int, basically: int = 0, against: int = 0, **changes: Any) -> Any:
    """Record how 25 of 27 members judged."""
    facts: dict[str, Any] = {
        "opinion_id": OPINION_ID,
        "satisfied": satisfied,
        "basically_satisfied": basically,
        "dissatisfied": against,
        "meeting_id": MEETING_ID,
        "meeting_organ": "npc",
        "meeting_body": "npc.standing_committee",
        "meeting_day": date(2025, 10, 17),
        "deliberating_body": "npc.standing_committee",
        "present": 25,
        "electorate": 27,
        "again_by": None,
        "recorded_by": "ding.qian",
        "voted_at": at("10-17 10:30"),
        "limits": limits(),
        "calendar": CALENDAR,
    }
    return RecordSatisfactionVote(**facts | changes)


def handed_over() -> Any:
    """Return it as it was handed over, 06-27 10:00."""
    return did(Opinion(), OPEN, draft(), PASS, hand_over())


def reported() -> Any:
    """Return it with its report delivered, 09-23 15:30."""
    return did(handed_over(), draft_report(), report())
