"""From policy data to what the domain decides by."""

from datetime import date

from chassis.parts import Parts
from services.supervision.domain.limits import Limits


def limits(parts: Parts, day: date) -> Limits:
    """Return the limits in force on *day*."""
    node = parts.policies.at("P-NODE", day)
    return Limits(
        assign_minutes=node["assign_minutes"],
        receive_minutes=node["receive_minutes"],
        default_work_days=parts.policies.at("P-DUE", day)["default_work_days"],
        sheet_after_work_days=parts.policies.at("P-LADDER", day)["sheet_after_work_days"],
    )
