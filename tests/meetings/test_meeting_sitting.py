"""A meeting in session: its quorum, its outcomes with their votes, its closing."""

from typing import Any
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st

from chassis.domain import RefusedError
from chassis.testing import given
from services.meetings.domain.meeting import refusals
from services.meetings.domain.meeting.events import DecidedItem, MeetingClosed, MeetingHeld
from services.meetings.domain.meeting.meeting import Meeting
from services.meetings.domain.words import AgendaItemKind, Outcome
from tests.support.meeting_samples import (
    DAY,
    ITEM_ID,
    MEETING_ID,
    TITLE,
    at,
    close,
    did,
    hold,
    meeting_body,
    outcome,
    place,
    plan,
    planned,
)

OTHER = UUID(int=8)
NAMED: dict[str, Any] = {
    "meeting_id": MEETING_ID,
    "organ": "npc",
    "meeting_body": "npc.standing_committee",
    "ordinal": 27,
    "day": DAY,
}


def test_a_meeting_opens_with_its_quorum_on_its_day() -> None:
    held = MeetingHeld(
        **NAMED,
        members=27,
        present=14,
        leave=12,
        absent=1,
        quorum=14,
        held_at=at("06-20 09:00"),
        recorded_by="ding.qian",
    )
    given(planned()).when(hold(14, 12, 1)).then(held)
    given(planned()).when(hold(13, 13, 1)).then_refused(refusals.NoQuorumError, quorum=14)
    sums = refusals.AttendanceSumError
    given(planned()).when(hold(24, 2, 0)).then_refused(sums, counted=26)


@drawn(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_whoever_opens_has_counted_every_member_and_has_more_than_half(
    present: int, leave: int, absent: int
) -> None:
    try:
        [event] = planned().decide(hold(present, leave, absent))
    except RefusedError:
        assert present + leave + absent != 27 or present < 14
    else:
        assert isinstance(event, MeetingHeld)
        assert event.present + event.leave + event.absent == event.members
        assert 2 * event.present > event.members


@drawn(st.sampled_from(Outcome), st.integers(0, 27), st.integers(0, 27), st.integers(0, 27))
def test_no_outcome_stands_without_the_votes_that_bear_it_out(
    kind: Outcome, votes_for: int, against: int, abstentions: int
) -> None:
    votes = {"votes_for": votes_for, "votes_against": against, "abstentions": abstentions}
    sitting = did(planned(), hold())
    try:
        sitting.decide(outcome(kind, **votes))
    except RefusedError:
        return
    assert sum(votes.values()) <= 24
    assert kind is not Outcome.DELIBERATED or not any(votes.values())
    if kind in {Outcome.ADOPTED, Outcome.ADOPTED_IN_PRINCIPLE}:
        assert votes_for >= 14
    if kind is Outcome.REJECTED:
        assert votes_for < 14


def test_more_than_half_of_all_members_adopt_not_of_those_present() -> None:
    sitting = did(planned(), hold(14, 12, 1))
    missing = refusals.MajorityMissingError
    given(sitting).when(outcome(Outcome.ADOPTED, votes_for=13)).then_refused(missing)
    did(sitting, outcome(Outcome.ADOPTED, votes_for=14))


def test_where_the_chair_decides_nobody_votes() -> None:
    executive = {"meeting_body": meeting_body("gov.executive"), "ordinal": 9}
    item = place()
    item = type(item)(
        meeting_id=MEETING_ID,
        agenda_item_id=ITEM_ID,
        meeting_body="gov.executive",
        kind=AgendaItemKind.GENERAL,
        title=TITLE,
    )
    sitting = did(Meeting(), plan(**executive), item, hold(9, 0, 0))
    did(sitting, outcome(Outcome.ADOPTED))
    voted = outcome(Outcome.ADOPTED, votes_for=9)
    given(sitting).when(voted).then_refused(refusals.NoVoteHereError)


def test_an_item_is_decided_once_and_in_session() -> None:
    sitting = did(planned(), hold())
    given(planned()).when(outcome()).then_refused(refusals.NotHeldError)
    stranger = outcome(agenda_item_id=OTHER)
    given(sitting).when(stranger).then_refused(refusals.NotOnAgendaError)
    decided = did(sitting, outcome())
    given(decided).when(outcome()).then_refused(refusals.AlreadyDecidedError)


def test_closing_is_refused_while_an_item_has_no_outcome_and_names_it() -> None:
    sitting = did(planned(), hold())
    missing = refusals.ItemWithoutOutcomeError
    given(sitting).when(close()).then_refused(missing, title=TITLE)
    item = DecidedItem(
        agenda_item_id=ITEM_ID,
        kind=AgendaItemKind.SPECIAL_WORK_REPORT,
        outcome=Outcome.DELIBERATED,
    )
    closed = MeetingClosed(
        **NAMED, items=(item,), closed_by="ding.qian", closed_at=at("06-20 11:32")
    )
    given(did(sitting, outcome())).when(close()).then(closed)
    over = did(sitting, outcome(), close())
    given(over).when(close()).then_refused(refusals.AlreadyClosedError)
    given(planned()).when(close()).then_refused(refusals.NotHeldError)
