"""What an erasure makes us do: forget the person's key, and with it every copy of the name."""

from collections.abc import Mapping
from typing import Any

from chassis.parts import Parts
from chassis.reactions import React
from chassis.store import Cause, Stored
from services.directory.domain.events import SubjectErased


def reactions(parts: Parts) -> Mapping[str, React]:
    """Return the reaction to the events of people."""

    async def erase(stored: Stored[Any], _: Cause) -> None:
        if isinstance(stored.event, SubjectErased):
            await parts.keys.erase(stored.event.subject)

    return {"person": erase}
