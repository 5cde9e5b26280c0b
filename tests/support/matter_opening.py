"""How the sample matter is opened."""

from datetime import UTC, datetime
from uuid import UUID

from services.supervision.domain.commands import (
    OpenMatter,
)
from services.supervision.domain.events import (
    MatterOpened,
)
from services.supervision.domain.limits import Limits
from services.supervision.domain.matter import Matter

ID, SOURCE = UUID(int=1), UUID(int=2)

LIMITS = Limits(assign_minutes={"extra_urgent": 60}, receive_minutes={"extra_urgent": 60})

LEAD, EMERGENCY, TOWN = "县水利局", "县应急管理局", "青石镇"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


def opened_by(command: OpenMatter) -> MatterOpened:
    (event,) = Matter().decide(command)
    assert isinstance(event, MatterOpened)
    return event
