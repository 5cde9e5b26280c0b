"""An agenda item: put forward, accepted, scheduled with its dates, moved, decided."""

from datetime import date, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from chassis.domain import UnknownItemError
from chassis.testing import given
from services.meetings.domain.agenda_item import refusals
from services.meetings.domain.agenda_item.commands import (
    RefuseAgendaItem,
)
from services.meetings.domain.agenda_item.events import (
    AgendaItemDecided,
    AgendaItemRefused,
    AgendaItemScheduled,
    ResolutionAdopted,
)
from services.meetings.domain.agenda_item.item import AgendaItem
from services.meetings.domain.words import AgendaItemKind, MaterialStage, Outcome
from tests.support.meeting_samples import (
    CALENDAR,
    DAY,
    ITEM_ID,
    OPINION_ID,
    accept,
    at,
    decide,
    deliver,
    did,
    meeting_body,
    move,
    schedule,
    scheduled,
    submit,
    with_papers,
)

Stage = MaterialStage


def refuse() -> RefuseAgendaItem:
    return RefuseAgendaItem(
        agenda_item_id=ITEM_ID,
        reason="不属本会议体职权",
        refused_by="ding.qian",
        refused_at=at("05-15 15:10"),
    )


def dates(item: AgendaItem) -> dict[str, str]:
    return {
        code.value: f"{CALENDAR.local(stage.scheduled.deadline.due):%m-%d %H:%M}"
        for code, stage in item.stages.items()
    }


def test_a_special_work_report_has_its_four_stages_counted_back_from_the_meeting() -> None:
    item = scheduled()
    assert dates(item) == {
        "collected_opinions": "05-26 18:00",
        "draft_for_comment": "05-30 18:00",
        "revised": "06-10 18:00",
        "to_members": "06-13 18:00",
    }
    draft = item.stages[Stage.DRAFT_FOR_COMMENT].scheduled
    assert draft.deadline.statutory_last_day == date(2025, 5, 31)
    assert draft.near == at("05-27 08:30")
    assert draft.statutory_ends == at("06-01 00:00")
    assert (draft.owner_organ, draft.owner_unit) == ("gov", "government-office")
    sent = item.stages[Stage.TO_MEMBERS].scheduled
    assert (sent.owner_organ, sent.owner_unit) == ("npc", "standing-committee-office")


def test_an_executive_meeting_counts_its_materials_in_working_days() -> None:
    monday = date(2025, 10, 27)
    asked = submit(meeting_body=meeting_body("gov.executive"), kind=AgendaItemKind.GENERAL)
    on = schedule(
        monday, meeting_body=meeting_body("gov.executive"), scheduled_at=at("10-13 09:00")
    )
    item = did(AgendaItem(), asked, accept(), on)
    due = {"item": "10-20 18:00", "materials": "10-22 18:00", "to_members": "10-23 18:00"}
    assert dates(item) == due
    assert all(s.scheduled.statutory_ends is None for s in item.stages.values())


def test_a_handling_report_is_due_ten_days_before_and_a_holiday_moves_it_back() -> None:
    asked = submit(kind=AgendaItemKind.HANDLING_REPORT)
    on = schedule(date(2025, 10, 17), scheduled_at=at("09-08 09:00"))
    item = did(AgendaItem(), asked, accept(), on)
    assert dates(item) == {"report": "09-30 18:00", "to_members": "10-10 18:00"}


def test_an_item_leaves_out_only_what_its_policy_lets_it() -> None:
    item = scheduled(left_out=(Stage.COLLECTED_OPINIONS,))
    assert Stage.COLLECTED_OPINIONS not in item.stages
    law = submit(left_out=(Stage.REVISED,))
    given(AgendaItem()).when(law).then_refused(refusals.StageNotOptionalError)


def test_a_special_work_report_names_its_committee() -> None:
    nobody = submit(reviewing_committee=None)
    missing = refusals.ReviewingCommitteeMissingError
    given(AgendaItem()).when(nobody).then_refused(missing)


def test_an_item_is_submitted_once_and_judged_once() -> None:
    submitted = did(AgendaItem(), submit())
    given(submitted).when(submit()).then_refused(refusals.AlreadySubmittedError)
    given(AgendaItem()).when(accept()).then_refused(UnknownItemError)
    given(submitted).when(refuse()).then(
        AgendaItemRefused(
            agenda_item_id=ITEM_ID,
            organ="npc",
            meeting_body="npc.standing_committee",
            kind=AgendaItemKind.SPECIAL_WORK_REPORT,
            submitted_by_organ="npc",
            submitted_by_unit="standing-committee-office",
            reason="不属本会议体职权",
            refused_by="ding.qian",
            refused_at=at("05-15 15:10"),
        )
    )
    judged = refusals.AlreadyJudgedError
    given(did(submitted, accept())).when(refuse()).then_refused(judged)
    given(did(submitted, refuse())).when(accept()).then_refused(judged)


def test_only_an_accepted_item_goes_on_one_meeting_and_a_deferred_one_on_another() -> None:
    submitted = did(AgendaItem(), submit())
    given(submitted).when(schedule()).then_refused(refusals.NotAcceptedError)
    twice = refusals.AlreadyScheduledError
    given(scheduled()).when(schedule()).then_refused(twice)
    heard = did(with_papers(), decide(Outcome.DELIBERATED))
    given(heard).when(schedule()).then_refused(twice)
    delivered = did(scheduled(), deliver(Stage.DRAFT_FOR_COMMENT, "05-28 09:00"))
    deferred = did(delivered, decide(Outcome.DEFERRED))
    later = schedule(date(2025, 8, 29), meeting_id=OPINION_ID, ordinal=28)
    anew = did(deferred, later)
    assert len(anew.stages) == 4
    assert all(stage.open for stage in anew.stages.values())


def test_who_reports_is_named_with_the_dates_and_told_of_new_ones_once() -> None:
    accepted = did(AgendaItem(), submit(), accept())
    [first] = accepted.decide(schedule())
    [moved] = scheduled().decide(move(date(2025, 6, 27)))
    deferred = did(scheduled(), decide(Outcome.DEFERRED))
    [other] = deferred.decide(schedule(date(2025, 8, 29), meeting_id=OPINION_ID))
    told = []
    for event in (first, moved, other):
        assert isinstance(event, AgendaItemScheduled)
        assert (event.reporting_organ, event.reporting_unit) == ("gov", "government-office")
        told.append(event.rescheduled)
    assert told == [False, True, True]
    given(did(scheduled(), move(date(2025, 6, 27)))).when(
        move(date(2025, 6, 27))
    ).then_nothing()


def test_a_meeting_that_moves_moves_the_open_stages_and_only_those() -> None:
    before = did(scheduled(), deliver(Stage.COLLECTED_OPINIONS, "05-15 16:00"))
    [event] = before.decide(move(date(2025, 6, 27)))
    assert isinstance(event, AgendaItemScheduled)
    named = [stage.stage.value for stage in event.stages]
    assert named == ["draft_for_comment", "revised", "to_members"]
    item = before.evolve(event)
    assert dates(item) == {
        "collected_opinions": "05-26 18:00",
        "draft_for_comment": "06-06 18:00",
        "revised": "06-17 18:00",
        "to_members": "06-20 18:00",
    }
    assert not item.stages[Stage.COLLECTED_OPINIONS].open
    given(item).when(move(date(2025, 6, 27))).then_nothing()


@drawn(
    st.sets(st.sampled_from([Stage.COLLECTED_OPINIONS, Stage.REVISED, Stage.TO_MEMBERS])),
    st.lists(st.integers(-20, 60), min_size=1, max_size=4),
)
def test_however_often_it_moves_open_stages_keep_their_distance_and_others_stand(
    delivered: set[MaterialStage], steps: list[int]
) -> None:
    item = did(scheduled(), *(deliver(stage, "05-15 16:00") for stage in delivered))
    stood = {code: item.stages[code] for code in delivered}
    for step in steps:
        item = did(item, move(DAY + timedelta(days=step)))
    for code, stage in item.stages.items():
        if code in delivered:
            assert stage == stood[code]
        else:
            deadline = stage.scheduled.deadline
            assert deadline.statutory_last_day is not None
            away = timedelta(days=stage.scheduled.days_before)
            assert item.day - deadline.statutory_last_day == away
            assert CALENDAR.day_of(deadline.due) <= deadline.statutory_last_day


def test_a_decision_of_another_meeting_is_refused() -> None:
    given(did(AgendaItem(), submit(), accept())).when(
        decide(Outcome.DELIBERATED)
    ).then_refused(refusals.NotOnThisMeetingError)


@pytest.mark.parametrize(
    ("kind", "outcome", "resolves"),
    [
        (AgendaItemKind.RESOLUTION, Outcome.ADOPTED, True),
        (AgendaItemKind.RESOLUTION, Outcome.ADOPTED_IN_PRINCIPLE, False),
        (AgendaItemKind.GENERAL, Outcome.ADOPTED, False),
    ],
)
def test_an_adopted_resolution_is_a_fact_of_its_own(
    kind: AgendaItemKind, outcome: Outcome, resolves: bool
) -> None:
    item = scheduled(kind=kind)
    events = item.decide(decide(outcome, votes=23))
    expected = [AgendaItemDecided, ResolutionAdopted] if resolves else [AgendaItemDecided]
    assert [type(event) for event in events] == expected
