"""The window, whatever its client does: credit holds, what is settled is settled, all is sent."""

from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notifier.domain.window import (
    MOST_ATTEMPTS,
    AheadError,
    NotInFlightError,
    Window,
)

DEADLINE = 10.0
sequences = st.integers(0, 40)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 400)),
        st.tuples(st.just("unwanted"), st.just(0)),
        st.tuples(st.just("gap"), st.integers(1, 3)),
        st.tuples(st.just("wait"), st.integers(0, 25)),
        st.tuples(st.just("up_to"), sequences),
        st.tuples(st.just("ack"), sequences),
        st.tuples(st.just("retry"), sequences),
        st.tuples(st.just("park"), sequences),
        st.tuples(st.just("extend"), sequences),
        st.tuples(st.just("credit"), st.integers(0, 8)),
    ),
    max_size=80,
)


@dataclass
class Stream:
    """A stream's server: does what the window lets it do, and remembers what it did."""

    window: Window
    now: float = 0.0
    sent: dict[int, int] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)
    gaps: dict[int, int] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    parked: set[int] = field(default_factory=set)

    def send(self, size: int) -> None:
        """Send the next alert, if it fits."""
        sequence = self.window.reached + 1
        if sequence in self.window.settled:
            self.window.skip(sequence)
        elif self.window.fits(size):
            assert sequence not in self.settled
            self.window.send(sequence, size, self.now)
            self.sent[sequence] = 1
            flying = self.window.in_flight
            assert flying <= self.window.messages
            assert self.window.in_bytes <= self.window.bytes or flying == 1

    def again(self) -> None:
        """Send again what is due, or park it."""
        if not self.window.within:
            return
        for sequence in self.window.due(self.now):
            assert sequence not in self.settled | self.parked
            if self.window.exhausted(sequence):
                assert self.window.give_up(sequence, self.now) == MOST_ATTEMPTS
                self.parked.add(sequence)
            else:
                self.window.send_again(sequence, self.now)
                self.sent[sequence] += 1

    def do(self, deed: str, figure: int) -> None:
        """Let the client, or time, do something."""
        try:
            self._do(deed, figure)
        except AheadError:
            assert figure > max(self.window.reached, self.window.head)
        except NotInFlightError:
            flight = self.window.flights.get(figure)
            assert flight is None or flight.gap

    def _do(self, deed: str, figure: int) -> None:  # noqa: C901 flat: a case a deed
        window = self.window
        match deed:
            case "send":
                self.send(figure)
            case "unwanted":
                window.skip(window.reached + 1)
                self.passed.add(window.reached)
            case "gap":
                self.gaps[window.reached + figure] = window.reached + 1
                window.leave_out(window.reached + figure)
            case "wait":
                self.now += figure
                self.again()
            case "up_to":
                window.ack_up_to(figure, self.now)
                within = {
                    sequence
                    for end, first in self.gaps.items()
                    if end > figure
                    for sequence in range(first, figure)
                }
                self.settled |= set(range(1, figure + 1)) - within
            case "ack":
                window.ack(figure, self.now)
                self.settled.add(figure)
            case "retry":
                if not window.retry(figure, self.now, self.now):
                    window.give_up(figure, self.now)
                    self.parked.add(figure)
            case "park":
                window.give_up(figure, self.now)
                self.parked.add(figure)
            case "extend":
                window.extend(figure, self.now + 30, self.now)
            case _:
                window.messages = figure


def stream() -> Stream:
    window = Window(reached=0, head=5, messages=5, bytes=1_000, deadline=DEADLINE)
    return Stream(window)


@given(deeds)
def test_credit_is_never_exceeded_and_what_is_settled_never_comes_again(
    done: list[tuple[str, int]],
) -> None:
    one = stream()
    for deed, figure in done:
        one.do(deed, figure)


@given(deeds)
def test_everything_that_was_sent_is_settled_parked_or_still_to_come_again(
    done: list[tuple[str, int]],
) -> None:
    one = stream()
    for deed, figure in done:
        one.do(deed, figure)
    open_still = set(one.sent) - one.settled - one.parked
    assert open_still <= set(one.window.flights)
    one.window.messages, one.window.bytes = 1_024, 1_000_000
    for _ in range(2 * MOST_ATTEMPTS):
        one.do("wait", 31)
    assert open_still <= one.parked
    assert all(one.sent[sequence] == MOST_ATTEMPTS for sequence in open_still)


@given(deeds)
@example([("gap", 3), ("up_to", 2)])  # within a gap: it is settled by its end alone
def test_acked_never_passes_anything_that_is_open(done: list[tuple[str, int]]) -> None:
    one = stream()
    before = 0
    for deed, figure in done:
        one.do(deed, figure)
        acked = one.window.acked
        if acked is None:
            assert one.settled <= {0}
            continue
        assert acked >= before
        before = acked
        open_still = set(one.sent) - one.settled - one.parked
        open_still |= {one.gaps[end] for end in one.gaps.keys() - one.settled}
        assert not any(sequence <= acked for sequence in open_still)
        beyond = set(one.window.beyond())
        assert all(s <= acked or s in beyond for s in one.settled | one.parked)


def test_what_was_acknowledged_before_a_stream_begins_says_nothing_of_its_neighbours() -> (
    None
):
    window = Window(reached=100, head=100, messages=5, bytes=1_000, deadline=DEADLINE)
    window.ack(45, 0.0)
    assert window.acked is None
    assert set(window.beyond()) == {45}


def test_who_says_nothing_since_an_alert_was_sent_twice_is_unheard() -> None:
    window = Window(reached=0, head=0, messages=5, bytes=1_000, deadline=DEADLINE)
    window.send(1, 10, 1.0)
    window.send(2, 10, 2.0)
    assert not window.unheard(1)
    window.send_again(1, 11.0)
    assert window.unheard(1)
    window.ack(2, 12.0)
    assert not window.unheard(1)


def test_a_gap_is_settled_by_its_end_and_takes_no_credit() -> None:
    window = Window(reached=2, head=9, messages=1, bytes=1_000, deadline=DEADLINE)
    window.leave_out(9)
    assert window.in_flight == 0
    assert window.fits(10)
    with pytest.raises(NotInFlightError):
        window.retry(9, 0.0, 0.0)
    window.send(10, 10, 0.0)
    window.ack(10, 0.0)
    assert window.acked == 2
    window.ack(9, 0.0)
    assert window.acked == 10
