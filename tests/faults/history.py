"""What clients asked for and what they were told: the record that the checkers go by."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID


class Outcome(StrEnum):
    """What a client knows of its command in the end."""

    OK = "ok"
    REFUSED = "refused"  # told that nothing came of it: a 4xx
    UNKNOWN = "unknown"  # a time-out, a cut connection, a 5xx: it may have been done


class Phase(StrEnum):
    """The parts of a run, in their order."""

    WARM_UP = "warm-up"
    FAULT = "fault"
    HEAL = "heal"
    QUIESCE = "quiesce"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One time that a command was sent. Times are seconds since the run began.

    *key* is the command's, the same in every attempt; a service derives its command id from
    that and from the *person* (`clerk.command_id`). *status* is HTTP's, None where no
    answer came; *said* is the rule or the title of a problem document; *hinted* tells
    whether a failure said when to come again.
    """

    client: int
    key: UUID
    service: str
    act: str
    item: UUID
    phase: Phase
    sent_at: float
    ended_at: float
    outcome: Outcome
    status: int | None
    said: str = ""
    hinted: bool = False
    person: str = ""


class History:
    """Attempts as they end, written to a file at once: what is killed loses none."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._attempts: list[Attempt] = []

    def __iter__(self) -> Iterator[Attempt]:
        return iter(self._attempts)

    def __len__(self) -> int:
        return len(self._attempts)

    def add(self, attempt: Attempt) -> None:
        """Note one attempt."""
        self._attempts.append(attempt)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(attempt), default=str, ensure_ascii=False) + "\n")

    def outcomes(self) -> dict[UUID, Outcome]:
        """Return what is known of each command in the end.

        OK where any attempt was answered so; refused where the first attempt that was
        answered for certain refused it and none before it may have been done; else unknown.
        """
        known: dict[UUID, Outcome] = {}
        for attempt in self._attempts:
            before = known.get(attempt.key)
            if attempt.outcome is Outcome.OK or before is None:
                known[attempt.key] = attempt.outcome
        return known

    @classmethod
    def read(cls, file: Path) -> "History":
        """Read back what was written."""
        history = cls(file)
        with file.open(encoding="utf-8") as lines:
            history._attempts = [_attempt(json.loads(line)) for line in lines]
        return history


def _attempt(written: dict[str, Any]) -> Attempt:
    ids = {name: UUID(written[name]) for name in ("key", "item")}
    words = {"phase": Phase(written["phase"]), "outcome": Outcome(written["outcome"])}
    return Attempt(**written | ids | words)
