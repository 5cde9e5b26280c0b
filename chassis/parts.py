"""What a running service's doors, handlers and reactions work with."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Guard, TokenVerifier
from chassis.clock import Clock
from chassis.directory import Directory
from chassis.feed.tailer import Tailer
from chassis.keys import KeyRing
from chassis.log import Log
from chassis.policies import Policies
from chassis.settings import Settings
from chassis.store import Store
from chassis.views import Views
from chassis.workdays import Calendar


@dataclass(kw_only=True)
class Parts:
    """The open parts of one service."""

    name: str
    settings: Settings
    store: Store
    engine: AsyncEngine
    views: Views
    clock: Clock
    log: Log
    guard: Guard
    verifier: TokenVerifier
    calendar: Calendar
    directory: Directory
    keys: KeyRing
    policies: Policies
    tailer: Tailer | None = None

    def year_of(self, moment: datetime) -> int:
        """Return the local year of *moment*: the one its numbers carry."""
        return self.calendar.local(moment).year


async def _parts(request: Request) -> Parts:
    return cast("Parts", request.app.state.parts)


Given = Annotated[Parts, Depends(_parts)]
"""The parts of the service that a route belongs to."""


def policies_of(folder: Path, settings: Settings) -> Policies:
    """Load the policies that a service ships, as this deployment overrides them."""
    return Policies.load(folder / "policies.yaml", settings.policies)
