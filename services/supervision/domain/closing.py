"""How the result reaches who asked, and how the matter is closed or dealt with again."""

from datetime import datetime

from services.supervision.domain.commands import (
    CloseMatter,
    NoteHandlingReport,
    NoteResultSeen,
    NoteSatisfactionVote,
    RecordResultSeen,
)
from services.supervision.domain.completing import close_completed, complete
from services.supervision.domain.dates import deadline_set
from services.supervision.domain.events import (
    HandlingReportNoted,
    MatterEvent,
    MatterRoundOpened,
    ResultSeen,
    SatisfactionVoteNoted,
)
from services.supervision.domain.refusals import (
    ClosedByVoteError,
    NotCompletedError,
    ResultNotSeenError,
    SeenBeforeSubmittedError,
)
from services.supervision.domain.state import MatterState, Result


def note_result_seen(matter: MatterState, command: NoteResultSeen) -> list[MatterEvent]:
    """Note that the leader who asked has seen the result; nobody else counts.

    What they read before it was submitted, heard late or not, was not the result.
    """
    if not matter.completed or command.seen_by != matter.asked_by:
        return []
    if command.seen_at < matter.submitted_at:
        return []
    return _seen(matter, command, recorded_by=None)


def record_result_seen(matter: MatterState, command: RecordResultSeen) -> list[MatterEvent]:
    """Record on a leader's behalf that they saw the result, and whether they commended it.

    Any leader may be recorded, since a commendation counts; only who asked lets it be closed.
    """
    matter.expect_not_closed()
    if not matter.completed:
        raise NotCompletedError
    if not matter.submitted_at <= command.seen_at <= command.recorded_at:
        seen, submitted = (
            f"{command.calendar.local(moment):%Y-%m-%d %H:%M}"
            for moment in (command.seen_at, matter.submitted_at)
        )
        raise SeenBeforeSubmittedError(seen_at=seen, submitted_at=submitted)
    return _seen(matter, command, recorded_by=command.recorded_by)


def note_handling_report(
    matter: MatterState, command: NoteHandlingReport
) -> list[MatterEvent]:
    """Note the organ's report, once a round; it completes the matter once its children are."""
    if matter.addressed_organ is None or matter.answered:
        return []
    noted = HandlingReportNoted(
        matter_id=command.matter_id,
        organ=matter.organ,
        number=matter.number,
        addressed_organ=matter.addressed_organ,
        report_no=command.report_no,
        delivered_by=command.delivered_by,
        submitted_at=command.submitted_at,
    )
    if matter.open_children:
        return [noted]
    result = Result(submitted_at=command.submitted_at, report_no=command.report_no)
    by, at = command.noted_by, command.noted_at
    completed = complete(matter, command.matter_id, result, command.calendar, by=by, at=at)
    return [noted, *completed]


def note_satisfaction_vote(
    matter: MatterState, command: NoteSatisfactionVote
) -> list[MatterEvent]:
    """Note a meeting's vote, once: satisfied closes what is completed, else it begins again."""
    if matter.addressed_organ is None or command.meeting_id in matter.votes:
        return []
    noted = SatisfactionVoteNoted(
        matter_id=command.matter_id,
        organ=matter.organ,
        number=matter.number,
        addressed_organ=matter.addressed_organ,
        meeting_id=command.meeting_id,
        satisfied=command.satisfied,
        voted_at=command.voted_at,
    )
    if not command.satisfied:
        return [noted, *_again(matter, command, command.due_again)]
    if not matter.completed:
        return [noted]
    by, at = command.noted_by, command.voted_at
    return [noted, *close_completed(matter, command.matter_id, by=by, at=at)]


def close(matter: MatterState, command: CloseMatter) -> list[MatterEvent]:
    """Close what is completed, once the leader who asked has seen the result (LOC S55)."""
    matter.expect_not_closed()
    if matter.addressed_organ is not None:
        raise ClosedByVoteError
    if not matter.completed:
        raise NotCompletedError
    if not matter.result_seen:
        raise ResultNotSeenError(asked_by=matter.asked_by)
    by, at = command.closed_by, command.closed_at
    return close_completed(matter, command.matter_id, by=by, at=at)


def _seen(
    matter: MatterState,
    command: NoteResultSeen | RecordResultSeen,
    recorded_by: str | None,
) -> list[MatterEvent]:
    """Return that it was seen: once, and once more where the second time commends."""
    known = matter.seen.get(command.seen_by)
    if known is not None and (known or not command.commended):
        return []
    return [
        ResultSeen(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            seen_by=command.seen_by,
            seen_at=command.seen_at,
            recorded_by=recorded_by,
            commended=command.commended,
        )
    ]


def _again(
    matter: MatterState, command: NoteSatisfactionVote, due: datetime | None
) -> list[MatterEvent]:
    if due is None:
        return []
    deadline = deadline_set(due, command.voted_at, command.calendar)
    return [
        MatterRoundOpened(
            matter_id=command.matter_id,
            organ=matter.organ,
            number=matter.number,
            lead=matter.lead,
            co=matter.co,
            addressed_organ=matter.addressed_organ,
            round=matter.round + 1,
            deadline=deadline,
            near=command.calendar.near(due, deadline.start),
            comment_due=command.comment_due_again,
        )
    ]
