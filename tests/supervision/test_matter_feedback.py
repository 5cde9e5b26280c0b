"""Units report on a matter."""

from dataclasses import replace
from uuid import UUID

import pytest

from chassis.testing import given
from services.supervision.domain.events import (
    MatterReceived,
)
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import (
    AlreadyClosedError,
    AlreadyCompletedError,
    EvidenceDigestError,
    EvidenceUnnamedError,
    FeedbackWaitingError,
    LeadReportsError,
    NotAssignedToUnitError,
    NotReceivedError,
    NotTheUnitHeadError,
)
from tests.support.matter_feedback import ID, LEAD, NEWS, NUMBER, RESULT, TOWN, at, given_by


def test_the_lead_reports_the_result_signed_by_its_head(received: Matter) -> None:
    given(received).when(RESULT).then(given_by(RESULT))


def test_progress_is_reported_by_any_unit_without_its_head(received: Matter) -> None:
    town = MatterReceived(
        matter_id=ID,
        organ="gov",
        number=NUMBER,
        unit=TOWN,
        received_by="shen.fang",
        received_at=at("04-25 20:04"),
    )
    news = replace(NEWS, unit=TOWN)
    given(received, town).when(news).then(given_by(news))
    given(received, town).when(replace(RESULT, unit=TOWN)).then_refused(
        LeadReportsError, lead=LEAD
    )


def test_a_result_without_the_heads_signature_is_refused(received: Matter) -> None:
    given(received).when(replace(RESULT, signer_heads_unit=False)).then_refused(
        NotTheUnitHeadError, unit=LEAD, signed_by="luo.hai"
    )


def test_a_unit_receives_before_it_reports(assigned: Matter, received: Matter) -> None:
    given(assigned).when(RESULT).then_refused(NotReceivedError, unit=LEAD)
    given(received).when(replace(NEWS, unit="县财政局")).then_refused(
        NotAssignedToUnitError
    )


def test_the_same_feedback_again_changes_nothing(answered: Matter, closed: Matter) -> None:
    given(answered).when(RESULT).then_nothing()
    given(closed).when(RESULT).then_nothing()


def test_one_result_waits_at_a_time_and_progress_beside_it(answered: Matter) -> None:
    given(answered).when(replace(RESULT, feedback_id=UUID(int=6))).then_refused(
        FeedbackWaitingError
    )
    given(answered).when(NEWS).then(given_by(NEWS))


def test_what_is_completed_or_closed_takes_no_feedback(
    completed: Matter, closed: Matter
) -> None:
    given(completed).when(NEWS).then_refused(AlreadyCompletedError)
    given(closed).when(NEWS).then_refused(AlreadyClosedError)


@pytest.mark.parametrize("digest", ["", "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n"])
def test_evidence_has_a_sha256_in_lower_case(received: Matter, digest: str) -> None:
    given(received).when(replace(NEWS, evidence_sha256=digest)).then_refused(
        EvidenceDigestError
    )


def test_evidence_with_a_digest_has_a_name(received: Matter) -> None:
    given(received).when(replace(NEWS, evidence_name=None)).then_refused(
        EvidenceUnnamedError
    )
    bare = replace(NEWS, evidence_name=None, evidence_sha256=None)
    given(received).when(bare).then(given_by(bare))
