"""What a run leaves behind for its checkers, and what they make of it."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

from tests.faults.history import History


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """One look at something that goes on beside the commands. Seconds since the run began.

    *of* names what was asked: a service's `/readyz`, a read, a stream. *took* is how long
    the answer took; *status* is None where none came in time.
    """

    of: str
    at: float
    took: float
    status: int | None
    hinted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """What a process uses: resident KiB and open descriptors."""

    resident: int
    descriptors: int


@dataclass(frozen=True, slots=True)
class Spell:
    """A time, within a run of many faults, in which one of them lasted, healing included.

    Not *held* is one that I7 does not speak of; nobody can reach the *cut_off* meanwhile.
    """

    begin: float
    end: float
    held: bool
    cut_off: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class Evidence:
    """Everything that is known of one run once it has come to rest.

    *databases* are the owner's DSNs, by service. *secrets* are texts that no log, answer
    or parked record may show: titles, names, tokens, passwords. *recovered* is how many
    seconds after healing every lag was 0 and every service ready; None where that did not
    come within the patience of the run. *faulted* is when the fault began and ended.
    *admin_acts* are command ids, *strangers* those of records that no service told. *compared* repeats of OK commands were answered a second
    time, *unlike* those of them that were not answered alike. *streamed* is what a client of
    the stream of alerts was given, by person: sequence and alert id as they came; *gaps* are
    those that it was told of. *affected* are the services that the fault touches, None where
    that is not known; *cut_off* those of them that no client can reach while it lasts.
    *spells* are the faults that it was made of, where there were many.
    *excused* are log lines that the fault is bound to bring about.
    """

    history: History
    databases: Mapping[str, str]
    bootstrap: str
    logs: Path
    secrets: frozenset[str]
    probes: Sequence[Probe] = ()
    faulted: tuple[float, float] = (0.0, 0.0)
    recovered: float | None = None
    before: Mapping[str, Use] = field(default_factory=dict)
    after: Mapping[str, Use] = field(default_factory=dict)
    admin_acts: Sequence[UUID] = ()
    strangers: Collection[str] = ()
    denials: int = 0
    compared: int = 0
    unlike: Sequence[str] = ()
    streamed: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    gaps: Sequence[str] = ()
    affected: frozenset[str] | None = None
    cut_off: frozenset[str] = frozenset()
    spells: Sequence[Spell] = ()
    excused: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one checker says: what it counted, and each violation in a sentence."""

    invariant: str
    counted: Mapping[str, int]
    violations: Sequence[str]


Checker: TypeAlias = Callable[[Evidence], Awaitable[Verdict]]
