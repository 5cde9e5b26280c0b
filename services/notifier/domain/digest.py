"""A leader's digest: at 08:30 on working days, while anything they asked for is open."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, assert_never, get_args

from chassis.domain import Category
from services.notifier.domain.commands import DigestCommand, PrepareDigest, ScheduleDigest
from services.notifier.domain.events import (
    DigestEnded,
    DigestEvent,
    DigestPrepared,
    DigestScheduled,
)

MOST_LINES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """A leader's digest, reduced to when the next one is."""

    scheduled: datetime | None = None

    def decide(self, command: DigestCommand) -> list[DigestEvent]:
        """Return the events that *command* causes."""
        match command:
            case ScheduleDigest(leader=leader, at=at):
                return [] if self.scheduled else [DigestScheduled(leader=leader, at=at)]
            case PrepareDigest():
                return self._prepare(command)
            case _:
                assert_never(command)

    def evolve(self, event: DigestEvent) -> Self:
        """Return the digest after *event*."""
        match event:
            case DigestScheduled(at=at):
                return replace(self, scheduled=at)
            case DigestPrepared() | DigestEnded():
                return replace(self, scheduled=None)
            case _:
                assert_never(event)

    def _prepare(self, command: PrepareDigest) -> list[DigestEvent]:
        if self.scheduled != command.at:
            return []  # superseded
        if not command.lines:
            return [DigestEnded(leader=command.leader)]
        prepared = DigestPrepared(
            leader=command.leader,
            organ=command.organ,
            at=command.at,
            lines=command.lines[:MOST_LINES],
            in_progress=len(command.lines),
            overdue=sum(line.overdue_work_days > 0 for line in command.lines),
        )
        return [prepared, DigestScheduled(leader=command.leader, at=command.next_at)]


DIGEST = Category(
    name="digest",
    noun="Digest",
    initial=Digest(),
    events=get_args(DigestEvent),
    commands=get_args(DigestCommand),
)
