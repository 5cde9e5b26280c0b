"""The limits that supervision decides by: policy, given as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.supervision.domain.ladder import Rung


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Limits in force on a day.

    *assign_minutes* run from the recording of the instruction and *receive_minutes* from
    the assignment, around the clock, by the urgency of the source (P-NODE); a missing
    urgency has no limit. *default_work_days* is the due date where the leader set none.
    *rungs* is the ladder of urging (P-LADDER).
    """

    assign_minutes: Mapping[str, int] = field(default_factory=dict)
    receive_minutes: Mapping[str, int] = field(default_factory=dict)
    default_work_days: int = 15
    rungs: tuple[Rung, ...] = ()
