"""The materials of an item: near, late, missed, delivered, accepted late, reviewed, waived."""

from typing import Any

import pytest

from chassis.testing import given
from chassis.timers import Arm, Disarm, DisarmAll
from services.meetings.domain.agenda_item import refusals
from services.meetings.domain.agenda_item.commands import (
    AcceptLateMaterial,
    MarkMaterialLate,
    MarkMaterialNear,
    MarkStatutoryDayMissed,
    ReviewMaterial,
    WaiveMaterial,
)
from services.meetings.domain.agenda_item.material_events import (
    LateMaterialAccepted,
    MaterialDelivered,
    MaterialLate,
    MaterialNearDue,
    MaterialReviewed,
    MaterialWaived,
    StatutoryDayMissed,
)
from services.meetings.domain.words import MaterialStage, Outcome, StageBasis
from services.meetings.reactions.arming import LATE, NEAR, STATUTORY, arm_item
from tests.support.meeting_samples import (
    ITEM_ID,
    MEETING_ID,
    at,
    decide,
    deliver,
    did,
    move,
    scheduled,
)

DRAFT = MaterialStage.DRAFT_FOR_COMMENT
COLLECTED = MaterialStage.COLLECTED_OPINIONS
DUE = at("05-30 18:00")
OF_DRAFT: dict[str, Any] = {
    "agenda_item_id": ITEM_ID,
    "organ": "npc",
    "meeting_id": MEETING_ID,
    "stage": DRAFT,
    "owner_organ": "gov",
    "owner_unit": "government-office",
    "office": "standing-committee-office",
    "reviewing_committee": "agriculture-committee",
}
NEAR_DUE = MarkMaterialNear(agenda_item_id=ITEM_ID, stage=DRAFT, near=at("05-27 08:30"))
IS_LATE = MarkMaterialLate(agenda_item_id=ITEM_ID, stage=DRAFT, due=DUE)
MISSED = MarkStatutoryDayMissed(
    agenda_item_id=ITEM_ID, stage=DRAFT, ended=at("06-01 00:00")
)


def accept_late(stage: MaterialStage = DRAFT) -> AcceptLateMaterial:
    return AcceptLateMaterial(
        agenda_item_id=ITEM_ID,
        stage=stage,
        reason="汛情紧急",
        accepted_by="xu.hui",
        accepted_at=at("06-03 11:00"),
    )


def review(stage: MaterialStage = DRAFT) -> ReviewMaterial:
    return ReviewMaterial(
        agenda_item_id=ITEM_ID,
        stage=stage,
        comments=7,
        remarks=None,
        reviewed_by="cao.wei",
        reviewed_at=at("06-05 17:00"),
    )


def waive(stage: MaterialStage) -> WaiveMaterial:
    return WaiveMaterial(
        agenda_item_id=ITEM_ID,
        stage=stage,
        reason="已有汇总",
        waived_by="xu.hui",
        waived_at=at("05-20 09:00"),
    )


def test_a_stage_that_is_near_is_told_once_and_only_while_it_is_open() -> None:
    near = MaterialNearDue(**OF_DRAFT, due=DUE, near=at("05-27 08:30"))
    given(scheduled()).when(NEAR_DUE).then(near)
    given(did(scheduled(), NEAR_DUE)).when(NEAR_DUE).then_nothing()
    given(did(scheduled(), deliver(DRAFT, "05-26 09:00"))).when(NEAR_DUE).then_nothing()


def test_a_stage_that_is_late_is_told_once_to_both_sides() -> None:
    late = MaterialLate(
        **OF_DRAFT,
        due=DUE,
        statutory_last_day=at("05-31 12:00").date(),
        basis=StageBasis.LAW,
    )
    given(scheduled()).when(IS_LATE).then(late)
    given(did(scheduled(), IS_LATE)).when(IS_LATE).then_nothing()
    given(did(scheduled(), deliver(DRAFT, "05-30 18:00"))).when(IS_LATE).then_nothing()


def test_that_the_day_of_the_law_was_missed_is_recorded_once() -> None:
    missed = StatutoryDayMissed(**OF_DRAFT, statutory_last_day=at("05-31 12:00").date())
    given(scheduled()).when(MISSED).then(missed)
    item = did(scheduled(), MISSED)
    assert item.stages[DRAFT].statutory_missed
    given(item).when(MISSED).then_nothing()
    given(did(scheduled(), deliver(DRAFT, "05-31 09:00"))).when(MISSED).then_nothing()


@pytest.mark.parametrize("notice", [NEAR_DUE, IS_LATE, MISSED])
def test_a_timer_of_the_day_before_a_move_changes_nothing(notice: Any) -> None:
    given(did(scheduled(), move(at("06-27 12:00").date()))).when(notice).then_nothing()
    given(did(scheduled(), decide(Outcome.DEFERRED))).when(notice).then_nothing()


@pytest.mark.parametrize(
    ("when", "late", "work_days", "after"),
    [
        ("05-30 18:00", False, 0, 0),
        ("05-30 18:01", True, 1, 0),
        ("05-31 09:00", True, 1, 0),
        ("06-03 10:30", True, 1, 3),
    ],
)
def test_lateness_counts_working_days_after_ours_and_calendar_days_after_the_law_s(
    when: str, late: bool, work_days: int, after: int
) -> None:
    delivered = MaterialDelivered(
        **OF_DRAFT,
        due=DUE,
        doc_no=None,
        delivered_by="liu.min",
        delivered_at=at(when),
        late=late,
        late_work_days=work_days,
        days_after_statutory=after,
        basis=StageBasis.LAW,
    )
    given(scheduled()).when(deliver(DRAFT, when)).then(delivered)


def test_a_stage_is_delivered_once_and_before_the_meeting_decides() -> None:
    delivered = did(scheduled(), deliver(DRAFT, "05-28 09:00"))
    again = deliver(DRAFT, "05-28 10:00")
    given(delivered).when(again).then_refused(refusals.AlreadyDeliveredError)
    decided = did(scheduled(), decide(Outcome.DEFERRED))
    given(decided).when(again).then_refused(refusals.ItemDecidedError)
    stray = deliver(MaterialStage.ITEM, "05-28 10:00")
    given(scheduled()).when(stray).then_refused(refusals.NoSuchStageError)


def test_what_came_late_is_accepted_once_with_a_reason_and_stays_late() -> None:
    late = did(scheduled(), IS_LATE, MISSED, deliver(DRAFT, "06-03 10:30"))
    accepted = LateMaterialAccepted(
        **OF_DRAFT,
        reason="汛情紧急",
        accepted_by="xu.hui",
        accepted_at=at("06-03 11:00"),
    )
    given(late).when(accept_late()).then(accepted)
    item = did(late, accept_late())
    assert item.stages[DRAFT].late
    given(item).when(accept_late()).then_refused(refusals.NotLateError)
    in_time = did(scheduled(), deliver(DRAFT, "05-28 09:00"))
    given(in_time).when(accept_late()).then_refused(refusals.NotLateError)
    given(scheduled()).when(accept_late()).then_refused(refusals.NotDeliveredError)


def test_a_late_paper_of_the_law_is_reviewed_only_once_a_leader_accepted_it() -> None:
    late = did(scheduled(), deliver(DRAFT, "06-03 10:30"))
    given(late).when(review()).then_refused(refusals.LateNotAcceptedError)
    reviewed = MaterialReviewed(
        **OF_DRAFT,
        comments=7,
        remarks=None,
        reviewed_by="cao.wei",
        reviewed_at=at("06-05 17:00"),
    )
    accepted = did(late, accept_late())
    given(accepted).when(review()).then(reviewed)
    given(did(accepted, review())).when(review()).then_refused(
        refusals.AlreadyReviewedError
    )
    given(scheduled()).when(review()).then_refused(refusals.NotDeliveredError)


def test_a_stage_of_the_law_is_never_waived_one_of_local_practice_may_be() -> None:
    given(scheduled()).when(waive(DRAFT)).then_refused(refusals.LawStageNotWaivedError)
    [event] = scheduled().decide(waive(COLLECTED))
    assert isinstance(event, MaterialWaived)
    waived = did(scheduled(), waive(COLLECTED))
    assert not waived.stages[COLLECTED].open
    delivered = deliver(COLLECTED, "05-26 09:00")
    given(waived).when(delivered).then_refused(refusals.AlreadyDeliveredError)


def test_each_stage_has_its_timers_and_loses_them_when_it_is_in() -> None:
    item = scheduled()
    [event] = item.decide(move(at("06-27 12:00").date()))
    armed = [s for s in arm_item(event) if isinstance(s, Arm) and s.rung == DRAFT.value]
    moved = item.evolve(event).stages[DRAFT].scheduled
    assert {(s.name, s.due_at) for s in armed} == {
        (NEAR, moved.near),
        (LATE, moved.deadline.due),
        (STATUTORY, moved.statutory_ends),
    }
    [delivered] = item.decide(deliver(DRAFT, "05-28 09:00"))
    names = (NEAR, LATE, STATUTORY)
    assert arm_item(delivered) == [Disarm(name=n, rung=DRAFT.value) for n in names]
    [decided] = item.decide(decide(Outcome.DEFERRED))
    assert arm_item(decided) == [DisarmAll()]
