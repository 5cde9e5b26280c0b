"""Given/when/then for aggregates: a rule of the office as three lines of test.

given(Matter(), OPENED, ASSIGNED).when(ReceiveMatter(...)).then(MatterReceived(...))
"""

from collections.abc import Sequence
from typing import Any, Self

from chassis.domain import Aggregate, Event, RefusedError


class Given:
    """An aggregate with a past."""

    def __init__(self, aggregate: Aggregate[Any, Any], past: Sequence[Event]) -> None:
        for event in past:
            aggregate = aggregate.evolve(event)
        self._aggregate = aggregate
        self._outcome: Sequence[Event] | RefusedError | None = None

    def when(self, command: Any) -> Self:
        """Let the aggregate decide on *command*."""
        try:
            self._outcome = list(self._aggregate.decide(command))
        except RefusedError as refusal:
            self._outcome = refusal
        return self

    def then(self, *expected: Event) -> None:
        """Expect exactly these events."""
        if isinstance(self._outcome, RefusedError):
            raise AssertionError(f"refused: {self._outcome!r}") from self._outcome
        assert self._outcome == list(expected), f"got {self._outcome!r}"

    def then_nothing(self) -> None:
        """Expect that nothing happens and nothing is refused."""
        self.then()

    def then_refused(self, refusal: type[RefusedError], **facts: object) -> None:
        """Expect a refusal of exactly this class, with at least these facts."""
        assert type(self._outcome) is refusal, f"got {self._outcome!r}"
        missing = facts.items() - self._outcome.facts.items()
        assert not missing, f"facts were {self._outcome.facts!r}"


def given(aggregate: Aggregate[Any, Any], *past: Event) -> Given:
    """Start a sentence: *aggregate* after the events of its *past*."""
    return Given(aggregate, past)
