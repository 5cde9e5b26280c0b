"""What a fault is: a name, what is done, and which invariants are checked after it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tests.faults.lab import Lab

Inject: TypeAlias = Callable[["Lab", Random], Awaitable[None]]
"""Do the fault, for as long as it lasts, and heal it: called while the load goes on."""


class Tier(StrEnum):
    """When it is run: with every test run, or by `make faults` alone."""

    SHORT = "short"
    LONG = "long"


SHORT = frozenset(
    {
        "F1.reply_lost",
        "F2.checkpoint_lost",
        "F3.handlers_done",
        "F3.projection_cut",
        "F6.killed",
        "F7.killed_past_a_boundary",
        "F9.documents_postgres_cut",
        "F11.rewound",
        "F11.ten_at_once",
        "F16.real_key",
        "F17.thousand",
    }
)
"""What `make test` runs: eight minutes at most on two cores, starting included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault of the table. Its full name, `F6.killed`, stands in results for ever.

    *affected* are the services it touches, None where that may be any; *cut_off* those that
    no client can reach meanwhile. It may take *seconds*, or as long as any other. One that
    *ends_lab* leaves a world in which no other can be run, and is held to its own invariants
    alone.
    """

    id: str
    variant: str
    told: str
    invariants: frozenset[str]
    inject: Inject
    brokers: int = 1
    affected: frozenset[str] | None = None
    cut_off: frozenset[str] = frozenset()
    seconds: float = 0.0
    ends_lab: bool = False

    @property
    def name(self) -> str:
        """Its name in results and on the command line."""
        return f"{self.id}.{self.variant}"

    @property
    def tier(self) -> Tier:
        """When it is run."""
        return Tier.SHORT if self.name in SHORT else Tier.LONG
