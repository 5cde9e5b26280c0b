"""The client's bookkeeping, rule by rule."""

import pytest

from shuniu_client.ledger import (
    ATTEMPTS,
    Entry,
    Held,
    Ledger,
    NeglectedGapError,
    Return,
    Way,
)

EPOCH = "e"


def entry(n: int, *, attempt: int = 1, stream: int = 1) -> Entry:
    return Entry(first=n, name=f"a{n}", attempt=attempt, stream=stream)


def opened(after: int = 0) -> Ledger:
    ledger = Ledger()
    ledger.opened(EPOCH, after, 0)
    return ledger


def test_what_is_done_out_of_order_is_told_singly_and_the_place_waits() -> None:
    ledger = opened()
    for n in (1, 2, 3):
        ledger.take(n, entry(n), redelivered=False)
    ledger.finish(2)
    ledger.finish(3)
    assert (ledger.place, [*ledger.acknowledge()]) == (0, [(0, [2, 3])])
    ledger.finish(1)
    assert (ledger.place, [*ledger.acknowledge()]) == (3, [(3, ())])
    assert not ledger.beyond


def test_a_gap_holds_the_place_until_it_is_dealt_with() -> None:
    ledger = opened(after=4)
    assert ledger.gap(5, 9, stream=1)
    ledger.take(10, entry(10), redelivered=False)
    ledger.finish(10)
    assert ledger.place == 4
    ledger.finish(9)
    assert ledger.place == 10


def test_a_bookmark_moves_the_place_where_nothing_is_open() -> None:
    ledger = opened(after=4)
    ledger.bookmark(9)
    assert ledger.place == 9
    ledger.take(10, entry(10), redelivered=False)
    ledger.bookmark(12)
    assert ledger.place == 9


def test_another_mailbox_forgets_what_was_held_of_the_one_before() -> None:
    ledger = opened()
    ledger.take(1, entry(1), redelivered=False)
    assert ledger.opened("another", 0, 0)
    assert (ledger.place, ledger.held, ledger.untold()) == (0, {}, 0)


def test_an_alert_that_was_done_is_not_handed_out_under_another_sequence() -> None:
    ledger = opened()
    ledger.take(1, entry(1), redelivered=False)
    ledger.finish(1)
    ledger.opened("another", 0, 0)
    assert not ledger.take(3, Entry(3, "a1", 1, 2), redelivered=False)
    assert [*ledger.acknowledge()] == [(3, ())]


def test_what_waits_or_is_in_hand_keeps_its_lease_until_it_takes_too_long() -> None:
    ledger = opened()
    for n in (1, 2):
        ledger.take(n, entry(n), redelivered=False)
    ledger.hand(1, now=0.0)
    assert ledger.leases(1, after=-10.0) == [1, 2]
    assert ledger.leases(2, after=-10.0) == []  # another stream, which has not sent them
    ledger.release(now=11.0, longest=10.0)
    assert ledger.returning(1) == [(1, Return(Way.RETRY, reason="handled for too long"))]
    assert ledger.held[1].state is Held.RETURNED
    assert ledger.take(1, entry(1, attempt=2), redelivered=True)


def test_one_that_very_many_have_overtaken_is_parked() -> None:
    ledger = opened()
    for n in range(1, 10_003):
        ledger.take(n, entry(n), redelivered=False)
    ledger.hand(1, now=0.0)
    for n in range(2, 10_003):
        ledger.finish(n)
    ledger.release(now=1.0, longest=10.0)
    assert [(n, back.way) for n, back in ledger.returning(1)] == [(1, Way.PARK)]
    assert ledger.place == 10_002
    assert not ledger.beyond


def test_a_gap_that_is_never_dealt_with_is_an_error_in_the_end() -> None:
    ledger = opened()
    ledger.gap(1, 5, stream=1)
    ledger.hand(5, now=0.0)
    for n in range(6, 10_008):
        ledger.take(n, entry(n), redelivered=False)
        ledger.finish(n)
    with pytest.raises(NeglectedGapError, match="the gap 1-5 was never dealt with"):
        ledger.release(now=1.0, longest=10.0)


def test_in_the_end_what_is_to_be_tried_again_stays_open_for_the_next_stream() -> None:
    ledger = opened()
    for n, way in ((1, Way.RETRY), (2, Way.PARK)):
        ledger.take(n, entry(n, attempt=ATTEMPTS), redelivered=True)
        ledger.hand(n, now=0.0)
        ledger.give_back(n, Return(way))
    assert [n for n, _ in ledger.returning(1, last=True)] == [2]
    assert ledger.place == 0
