"""From policy data to what the domain decides by."""

from datetime import date

from chassis.parts import Parts
from services.documents.domain.limits import Limits
from services.documents.domain.words import Secrecy, Urgency


def limits(parts: Parts, day: date) -> Limits:
    """Return the limits in force on *day*."""
    node = parts.policies.at("P-NODE", day)
    return Limits(
        register_minutes={Urgency(u): m for u, m in node["register_minutes"].items()},
        licensed_secrecy=licensed(parts),
    )


def licensed(parts: Parts) -> frozenset[Secrecy]:
    """Return the secrecy levels that this deployment may handle."""
    return frozenset(map(Secrecy, parts.settings.licensed_secrecy))
