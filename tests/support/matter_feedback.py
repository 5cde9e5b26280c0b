"""The feedback on the sample matter."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from chassis.calendars import load_calendar
from services.supervision.domain.commands import (
    GiveFeedback,
)
from services.supervision.domain.events import (
    FeedbackGiven,
)
from services.supervision.domain.words import FeedbackKind

ID, PROGRESS, FINAL = UUID(int=1), UUID(int=4), UUID(int=5)

NUMBER, LEAD, TOWN = "云政督〔2025〕31号", "县水利局", "青石镇"

DIGEST = "0123456789abcdef" * 4


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


RESULT = GiveFeedback(
    matter_id=ID,
    feedback_id=FINAL,
    kind=FeedbackKind.FINAL,
    unit=LEAD,
    given_by="deng.jie",
    signed_by="luo.hai",
    signer_heads_unit=True,
    submitted_at=at("05-09 14:20"),
    summary="已排查水库12座",
    evidence_name="险库清单.pdf",
    evidence_sha256=DIGEST,
    calendar=load_calendar([2025]),
)

NEWS = replace(
    RESULT, feedback_id=PROGRESS, kind=FeedbackKind.PROGRESS, signer_heads_unit=False
)


def given_by(command: GiveFeedback) -> FeedbackGiven:
    return FeedbackGiven(
        matter_id=ID,
        organ="gov",
        number=NUMBER,
        feedback_id=command.feedback_id,
        kind=command.kind,
        unit=command.unit,
        given_by=command.given_by,
        signed_by=command.signed_by,
        submitted_at=command.submitted_at,
        summary=command.summary,
        evidence_name=command.evidence_name,
        evidence_sha256=command.evidence_sha256,
    )
