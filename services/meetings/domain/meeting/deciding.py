"""What a meeting does in session: the outcome of each item, and its closing."""

from services.meetings.domain.meeting import refusals
from services.meetings.domain.meeting.commands import CloseMeeting, RecordOutcome
from services.meetings.domain.meeting.events import (
    DecidedItem,
    MeetingClosed,
    MeetingEvent,
    OutcomeRecorded,
)
from services.meetings.domain.meeting.state import MeetingState
from services.meetings.domain.words import DecidesBy, Outcome

ADOPTING = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_IN_PRINCIPLE})


def record_outcome(meeting: MeetingState, command: RecordOutcome) -> list[MeetingEvent]:
    """Record one outcome for an item, with votes that bear it out."""
    present = meeting.expect_sitting()
    item = meeting.items.get(command.agenda_item_id)
    if item is None:
        raise refusals.NotOnAgendaError(name=meeting.name)
    if item.outcome is not None:
        raise refusals.AlreadyDecidedError(title=item.title)
    _expect_votes_to_bear_it_out(meeting, command, present)
    return [
        OutcomeRecorded(
            meeting_id=command.meeting_id,
            agenda_item_id=command.agenda_item_id,
            outcome=command.outcome,
            votes_for=command.votes_for,
            votes_against=command.votes_against,
            abstentions=command.abstentions,
            speeches=command.speeches,
            recorded_by=command.recorded_by,
            recorded_at=command.recorded_at,
        )
    ]


def close(meeting: MeetingState, command: CloseMeeting) -> list[MeetingEvent]:
    """Close it, or refuse and name the first item without an outcome."""
    meeting.expect_sitting()
    decided = []
    for item_id, item in meeting.items.items():
        if item.outcome is None:
            raise refusals.ItemWithoutOutcomeError(title=item.title)
        decided.append(
            DecidedItem(agenda_item_id=item_id, kind=item.kind, outcome=item.outcome)
        )
    return [
        MeetingClosed(
            meeting_id=command.meeting_id,
            organ=meeting.organ,
            meeting_body=meeting.meeting_body,
            ordinal=meeting.ordinal,
            day=meeting.day,
            items=tuple(decided),
            closed_by=command.closed_by,
            closed_at=command.closed_at,
        )
    ]


def _expect_votes_to_bear_it_out(
    meeting: MeetingState, command: RecordOutcome, present: int
) -> None:
    votes = command.votes_for + command.votes_against + command.abstentions
    if votes > present:
        raise refusals.MoreVotesThanPresentError(votes=votes, present=present)
    if meeting.decides_by is DecidesBy.CHAIR or command.outcome is Outcome.DELIBERATED:
        if votes:
            raise refusals.NoVoteHereError
        return
    facts = {"votes_for": command.votes_for, "majority": meeting.majority}
    if command.outcome in ADOPTING and command.votes_for < meeting.majority:
        raise refusals.MajorityMissingError(**facts)
    if command.outcome is Outcome.REJECTED and command.votes_for >= meeting.majority:
        raise refusals.MajorityReachedError(**facts)
