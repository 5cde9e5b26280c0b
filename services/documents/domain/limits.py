"""The limits that the documents domain decides by: policy, given as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.documents.domain.words import Secrecy, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Limits in force on a day. A missing urgency has no limit.

    *register_minutes* run around the clock (P-NODE). *licensed_secrecy* lists the secrecy
    levels that this deployment is licensed for; the others are refused at the door
    (保密法 2024 art 31).
    """

    register_minutes: Mapping[Urgency, int] = field(default_factory=dict)
    licensed_secrecy: frozenset[Secrecy] = frozenset({Secrecy.NONE})
