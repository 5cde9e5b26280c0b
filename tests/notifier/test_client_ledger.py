"""The client's bookkeeping: whatever breaks, nothing is lost, nothing done twice."""

from dataclasses import dataclass, field

from hypothesis import given as for_all
from hypothesis import strategies as st

from shuniu_client.ledger import (
    ATTEMPTS,
    Entry,
    Ledger,
    Return,
    Way,
)

EPOCH = "e"
HEAD = 8


@dataclass
class Mailbox:
    """A server in the small: it sends what is not settled, and counts how often."""

    acked: int = 0
    settled: set[int] = field(default_factory=set)
    sent: dict[int, int] = field(default_factory=dict)
    parked: set[int] = field(default_factory=set)

    def open_(self) -> list[int]:
        """Return what is not settled."""
        return [n for n in range(1, HEAD + 1) if n > self.acked and n not in self.settled]

    def settle(self, up_to: int, singles: set[int]) -> None:
        """Settle what the client says."""
        self.settled |= singles
        self.acked = max(self.acked, up_to)
        while self.acked + 1 in self.settled:
            self.acked += 1


class Run:
    """A ledger between a mailbox and an application, one step after another."""

    def __init__(self) -> None:
        self.mailbox, self.ledger = Mailbox(), Ledger()
        self.stream = 0
        self.here: set[int] = set()  # sent on this stream
        self.waiting: list[int] = []
        self.in_hand: list[int] = []
        self.done: list[int] = []
        self.gone: set[int] = set()
        self.reconnect()

    def reconnect(self) -> None:
        """Break the stream and open another: what was under way is lost."""
        self.stream += 1
        self.here = set()
        after = self.ledger.place if self.ledger.epoch else self.mailbox.acked
        self.ledger.opened(EPOCH, after, self.mailbox.acked)
        self.begins = self.ledger.place

    def send(self) -> None:
        """Send what comes next: the oldest that this stream has not sent yet."""
        for n in range(self.begins + 1, HEAD + 1):
            if n not in self.here and n not in self.mailbox.settled:
                self.arrive(n)
                return
        self.ledger.bookmark(HEAD)

    def resend(self) -> None:
        """Send again what was not settled, as when its deadline passes."""
        for n in self.mailbox.open_():
            if n in self.here:
                self.arrive(n)
                return

    def arrive(self, n: int) -> None:
        """Let one alert reach the client."""
        again = n in self.mailbox.sent
        self.here.add(n)
        self.mailbox.sent[n] = self.mailbox.sent.get(n, 0) + 1
        attempt = min(self.mailbox.sent[n], ATTEMPTS)
        entry = Entry(first=n, name=f"a{n}", attempt=attempt, stream=self.stream)
        if self.ledger.take(n, entry, redelivered=again):
            self.waiting.append(n)

    def hand(self) -> None:
        """Let the application take the next one."""
        while self.waiting:
            n = self.waiting.pop(0)
            if self.ledger.hand(n, 0.0):
                assert n not in self.done, f"{n} was done, and is handed out again"
                self.in_hand.append(n)
                return

    def finish(self) -> None:
        """Let the application finish what it took last."""
        if self.in_hand:
            n = self.in_hand.pop()
            self.ledger.finish(n)
            self.done.append(n)

    def back(self, way: Way) -> None:
        """Let the application give back what it took first."""
        if self.in_hand:
            self.ledger.give_back(self.in_hand.pop(0), Return(way))

    def tell(self) -> None:
        """Let the server hear all that there is to say."""
        for n, back in self.ledger.returning(self.stream):
            assert n in self.here, "returned on a stream that did not send it"
            if back.way is not Way.RETRY:
                self.mailbox.settle(0, {n})
                self.gone.add(n)
            elif n not in self.ledger.held:
                self.mailbox.settle(0, {n})  # parked after its last attempt
                self.gone.add(n)
        for up_to, singles in self.ledger.acknowledge():
            told = set(singles) | set(range(1, up_to + 1))
            assert told <= set(self.done) | self.gone | self.mailbox.settled
            self.mailbox.settle(up_to, set(singles))


STEPS = ["send", "send", "hand", "finish", "resend", "tell", "reconnect", *Way]


@for_all(st.lists(st.sampled_from(STEPS), max_size=120))
def test_every_alert_is_done_once_or_given_up_whatever_breaks(
    steps: list[str | Way],
) -> None:
    run = Run()
    for step in steps:
        before = run.ledger.place
        if isinstance(step, Way):
            run.back(step)
        else:
            getattr(run, step)()
        assert run.ledger.place >= before
        assert {*range(1, run.ledger.place + 1)} <= set(run.done) | run.gone
    run.reconnect()
    for _ in range(HEAD * 3):
        run.send()
        run.hand()
        run.finish()
        run.tell()
        run.resend()
    assert sorted(run.done + [*run.gone]) == [*range(1, HEAD + 1)]
    assert not run.mailbox.open_()
    assert run.ledger.place == HEAD
    assert not run.ledger.untold()
