"""A leader's digest: on working days at its hour, while anything they asked for is open."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

from chassis.testing import given
from services.notifier.domain.commands import PrepareDigest, ScheduleDigest
from services.notifier.domain.digest import DIGEST, MOST_LINES, Digest
from services.notifier.domain.events import (
    DigestEnded,
    DigestPrepared,
    DigestScheduled,
    Line,
)

LEADER = "zhou.zhiyuan"
FIRST = datetime(2025, 4, 27, 0, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
SCHEDULED = DigestScheduled(leader=LEADER, at=FIRST)


def line(number: int, overdue: int = 0) -> Line:
    return Line(
        matter_id=UUID(int=number),
        number=f"云政督〔2025〕{number}号",
        unit="water",
        due=FIRST,
        overdue_work_days=overdue,
        work_days_left=2,
        feedback=False,
        completed=False,
    )


def prepare(*lines: Line, at: datetime = FIRST) -> PrepareDigest:
    return PrepareDigest(leader=LEADER, organ="gov", at=at, lines=lines, next_at=SECOND)


def test_a_leader_has_one_digest_at_a_time() -> None:
    given(Digest()).when(ScheduleDigest(leader=LEADER, at=FIRST)).then(SCHEDULED)
    given(Digest(), SCHEDULED).when(ScheduleDigest(leader=LEADER, at=SECOND)).then_nothing()


def test_a_digest_counts_what_is_open_and_overdue_and_the_next_is_scheduled() -> None:
    given(Digest(), SCHEDULED).when(prepare(line(31, overdue=1), line(32))).then(
        DigestPrepared(
            leader=LEADER,
            organ="gov",
            at=FIRST,
            lines=(line(31, overdue=1), line(32)),
            in_progress=2,
            overdue=1,
        ),
        DigestScheduled(leader=LEADER, at=SECOND),
    )


def test_a_digest_with_nothing_in_it_is_the_last() -> None:
    ended = DigestEnded(leader=LEADER)
    given(Digest(), SCHEDULED).when(prepare()).then(ended)
    given(Digest(), SCHEDULED, ended).when(ScheduleDigest(leader=LEADER, at=SECOND)).then(
        DigestScheduled(leader=LEADER, at=SECOND)
    )


def test_a_timer_of_another_time_prepares_nothing() -> None:
    given(Digest(), SCHEDULED).when(prepare(line(31), at=SECOND)).then_nothing()
    given(Digest()).when(prepare(line(31))).then_nothing()


@for_all(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_a_leader_reads_at_most_five_lines_and_knows_how_many_there_are(
    overdue: list[int],
) -> None:
    lines = [line(number, days) for number, days in enumerate(overdue, 1)]
    events = Digest(scheduled=FIRST).decide(prepare(*lines))
    prepared = events[0]
    assert isinstance(prepared, DigestPrepared)
    assert len(prepared.lines) == min(MOST_LINES, len(lines))
    assert prepared.in_progress == len(lines)
    assert prepared.overdue == sum(days > 0 for days in overdue)


def test_stored_types_are_the_events_without_the_noun() -> None:
    names = {DIGEST.type_of(event) for event in DIGEST.events}
    assert names == {"digest.Scheduled", "digest.Prepared", "digest.Ended"}
