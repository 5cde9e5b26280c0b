"""What can be asked of a leader's digest."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from chassis.domain import Command
from services.notifier.domain.events import Line


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleDigest(Command):
    """Let the leader have a digest at *at*, unless one is scheduled already."""

    leader: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PrepareDigest(Command):
    """Make the digest that was scheduled for *at*; *lines* and *next_at* are looked up."""

    leader: str
    organ: str
    at: datetime
    lines: tuple[Line, ...]
    next_at: datetime


DigestCommand: TypeAlias = ScheduleDigest | PrepareDigest
