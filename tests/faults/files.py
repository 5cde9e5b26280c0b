"""The files of the office as the clients know them, and the steps they take on one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID

from tests.faults.clerk import Asked

MATTERS = "/supervision/v1/matters"


class Stage(IntEnum):
    """How far a file is: the last of its steps that was answered OK."""

    RECEIVED = 1
    REGISTERED = 2
    INSTRUCTED = 3
    ASSIGNED = 4
    SIGNED_FOR = 5
    REPORTED = 6
    ACCEPTED = 7


@dataclass(slots=True)
class File:
    """A document, and the matter that came of it."""

    number: int
    document_id: UUID
    stage: Stage = Stage.RECEIVED
    matter_id: UUID | None = None
    result: UUID | None = None
    received: set[str] = field(default_factory=set)
    denied: bool = False
    next_at: float = 0.0

    @property
    def matter(self) -> str:
        """The path of its matter."""
        return f"{MATTERS}/{self.matter_id}"


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked, and what follows for our knowledge when it was answered OK."""

    asked: Asked
    done: Callable[[], None]
