"""What a leader read before the result was there was not the result; nor was it asked later."""

from dataclasses import replace

from chassis.testing import given
from services.supervision.domain.commands import NoteResultSeen
from services.supervision.domain.matter import Matter
from services.supervision.domain.refusals import AskedInTheFutureError
from tests.support.matter_feedback import ID, at
from tests.support.matter_opinion import BY_HAND

READ = NoteResultSeen(matter_id=ID, seen_by="zhou.zhiyuan", seen_at=at("04-28 09:00"))


def test_an_old_remark_heard_late_does_not_let_a_matter_be_closed(
    completed: Matter,
) -> None:
    given(completed).when(READ).then_nothing()
    given(completed).when(replace(READ, seen_at=at("05-09 14:19"))).then_nothing()
    (event,) = completed.decide(replace(READ, seen_at=at("05-09 14:20")))
    assert completed.evolve(event).result_seen


def test_an_order_that_is_still_to_be_given_opens_nothing() -> None:
    ahead = replace(BY_HAND, asked_at=at("06-27 16:01"))
    given(Matter()).when(ahead).then_refused(
        AskedInTheFutureError, asked_at="2025-06-27 16:01"
    )
