"""How the sample matter is opened."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from chassis.policies import Policies
from services import supervision
from services.supervision.domain.commands import (
    OpenMatter,
)
from services.supervision.domain.events import (
    MatterOpened,
)
from services.supervision.domain.ladder import ladder_of
from services.supervision.domain.limits import Limits
from services.supervision.domain.matter import Matter

ID, SOURCE = UUID(int=1), UUID(int=2)

SHIPPED = Path(supervision.__file__).parent / "policies.yaml"

LADDER = ladder_of(Policies.load(SHIPPED, None).at("P-LADDER", date(2025, 4, 25)))

LIMITS = Limits(
    assign_minutes={"extra_urgent": 60},
    receive_minutes={"extra_urgent": 60},
    rungs=LADDER,
)

LEAD, EMERGENCY, TOWN = "县水利局", "县应急管理局", "青石镇"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}+08:00").astimezone(UTC)


def opened_by(command: OpenMatter) -> MatterOpened:
    (event,) = Matter().decide(command)
    assert isinstance(event, MatterOpened)
    return event
