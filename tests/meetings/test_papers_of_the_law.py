"""What the law demands is never done without: not by deciding, not by deferring (监督法 第十五条)."""

import pytest

from chassis.testing import given
from services.meetings.domain.agenda_item import refusals
from services.meetings.domain.agenda_item.commands import AcceptLateMaterial
from services.meetings.domain.agenda_item.item import AgendaItem
from services.meetings.domain.words import MaterialStage, Outcome
from tests.support.meeting_samples import (
    ITEM_ID,
    at,
    decide,
    deliver,
    did,
    meeting_body,
    schedule,
    scheduled,
    submit,
    with_papers,
)

DRAFT, TO_MEMBERS = MaterialStage.DRAFT_FOR_COMMENT, MaterialStage.TO_MEMBERS
OTHERS = [deliver(stage, "05-28 09:00") for stage in (MaterialStage.REVISED, TO_MEMBERS)]
ACCEPT = AcceptLateMaterial(
    agenda_item_id=ITEM_ID,
    stage=DRAFT,
    reason="会议已定",
    accepted_by="xu.hui",
    accepted_at=at("06-03 11:00"),
)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.DEFERRED}))
def test_without_a_paper_of_the_law_an_item_can_only_be_deferred(outcome: Outcome) -> None:
    missing = did(scheduled(), *OTHERS)
    refused = refusals.LawStageMissingError
    given(missing).when(decide(outcome)).then_refused(refused, stage="draft_for_comment")
    assert missing.decide(decide(Outcome.DEFERRED))


def test_a_late_paper_of_the_law_is_accepted_before_the_item_is_taken_up() -> None:
    late = did(scheduled(), *OTHERS, deliver(DRAFT, "06-03 10:30"))
    given(late).when(decide(Outcome.DELIBERATED)).then_refused(
        refusals.LateNotAcceptedError, stage="draft_for_comment"
    )
    assert did(late, ACCEPT).decide(decide(Outcome.DELIBERATED))


def test_a_paper_of_local_practice_holds_nothing_up() -> None:
    item = with_papers()
    assert item.stages[MaterialStage.COLLECTED_OPINIONS].open
    assert item.decide(decide(Outcome.DELIBERATED))


def test_what_a_meeting_deferred_goes_on_another_never_on_itself() -> None:
    deferred = did(scheduled(), decide(Outcome.DEFERRED))
    given(deferred).when(schedule()).then_refused(refusals.DeferredByThisMeetingError)


@pytest.mark.parametrize("code", ["npc.chairpersons", "gov.executive"])
def test_a_special_work_report_is_heard_by_a_standing_committee_alone(code: str) -> None:
    asked = submit(meeting_body=meeting_body(code), left_out=())
    given(AgendaItem()).when(asked).then_refused(refusals.NotHeardHereError)
