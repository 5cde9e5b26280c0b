"""What lag tells: what is left to do, whether that is anything, and that its log is away."""

import dataclasses

import pytest

from chassis.admin import lag as admin_lag
from chassis.admin.lag import ConsumerLag, FollowerLag, Lag, lag
from chassis.log.kafka import KafkaLog
from suite.commands.common import timers_shown
from tests.support.office import received
from tests.support.suite import OPERATOR, Suite, expect_problem

asking = pytest.mark.asyncio(loop_scope="module")

PATH = "/documents/admin/v1/lag"
NOBODY = "127.0.0.1:9"
AT_REST = Lag(
    followers=[FollowerLag("relay", 0, "one", False, None)],
    consumers=[ConsumerLag("public.documents.incoming.v1", 0, 7, 0, None, False)],
    timers_due=0,
    timers_armed=3,
    next_due=None,
    stored=12,
)


def follower(left: int, *, paused: bool = False) -> list[FollowerLag]:
    return [FollowerLag("relay", left, "one", paused, None)]


def consumer(left: int, *, paused: bool = False, reached: int = 7) -> list[ConsumerLag]:
    return [ConsumerLag("public.documents.incoming.v1", 0, reached, left, None, paused)]


def test_a_service_with_nothing_left_before_time_goes_on_is_idle() -> None:
    assert AT_REST.idle
    assert not dataclasses.replace(AT_REST, followers=follower(1)).idle
    assert not dataclasses.replace(AT_REST, consumers=consumer(1)).idle
    assert not dataclasses.replace(AT_REST, timers_due=1).idle


def test_what_an_operator_paused_is_not_waited_for() -> None:
    assert dataclasses.replace(AT_REST, followers=follower(1, paused=True)).idle
    assert dataclasses.replace(AT_REST, consumers=consumer(1, paused=True)).idle


def test_whoever_did_anything_between_two_looks_left_another_mark() -> None:
    assert dataclasses.replace(AT_REST, parked={"documents.main": 1}).mark == AT_REST.mark
    for done in (
        {"stored": 13},
        {"timers_armed": 2},
        {"consumers": consumer(0, reached=8)},
    ):
        assert dataclasses.replace(AT_REST, **done).mark != AT_REST.mark


def test_more_timers_than_are_counted_are_shown_as_more() -> None:
    assert timers_shown(admin_lag.ARMED) == "1000"
    assert timers_shown(admin_lag.ARMED + 1) == "1000+"


@asking
async def test_of_a_follower_that_has_not_begun_everything_is_left(suite: Suite) -> None:
    await received(suite)
    await suite.settled()
    running = suite.hosted.running["documents"]
    assert running.consumer is not None
    given = (running.consumer.name, list(running.consumer.subscriptions))
    begun = await lag(running.parts, *given, running.followers)
    assert begun.idle
    assert begun.stored > 0
    later = await lag(running.parts, *given, [*running.followers, "projection:later_1"])
    (absent,) = (f for f in later.followers if f.name == "projection:later_1")
    every = await suite.rows("documents", "select count(*) from store.event")
    assert (absent.lag, absent.owner, absent.paused) == (every[0][0], None, False)
    assert not later.idle


@asking
async def test_while_its_log_is_away_lag_says_to_try_again(suite: Suite) -> None:
    state = suite.hosted.running["documents"].app.state
    here = state.parts
    away = KafkaLog(NOBODY)
    state.parts = dataclasses.replace(here, log=away)
    try:
        answer = await suite.as_(OPERATOR).get(PATH)
    finally:
        state.parts = here
        await away.close()
    expect_problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert (await suite.as_(OPERATOR).get(PATH)).status_code == 200


@asking
async def test_far_behind_it_is_told_how_far_without_counting(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    await received(suite)
    await suite.settled()
    running = suite.hosted.running["documents"]
    exact = await lag(running.parts, "nobody", [], ["projection:later_1"])
    query = admin_lag._LAG.replace(f"{admin_lag.COUNTED}", "1")  # noqa: SLF001 to be beyond it soon
    few = query.replace(f"{admin_lag.ARMED}", "0")
    monkeypatch.setattr(admin_lag, "_LAG", few)
    rough = await lag(running.parts, "nobody", [], ["projection:later_1"])
    lags = [next(f.lag for f in x.followers if "later" in f.name) for x in (exact, rough)]
    assert lags[0] > 1
    assert lags[1] >= lags[0]  # positions have gaps where somebody gave up
    assert rough.stored == exact.stored
    # Up to none are counted here: one stands for more.
    assert exact.timers_armed > rough.timers_armed == 1
