"""When a digest is due, whose it is, and what it says."""

from datetime import datetime, time
from pathlib import Path
from uuid import UUID

from chassis.parts import Parts
from chassis.store.cause import derived_id
from chassis.timers import Fired
from services.notifier.domain.commands import PrepareDigest
from services.notifier.domain.digest import DIGEST
from services.notifier.matters import lines_of

FOLDER = Path(__file__).parent


def digest_id(leader: str) -> UUID:
    """Return the id of a leader's digest."""
    return derived_id("digest-of", leader)


def digest_time(parts: Parts, after: datetime) -> datetime:
    """Return the next digest after a moment: at its hour (P-DIGEST), on a working day."""
    local = parts.calendar.local(after)
    at = time.fromisoformat(parts.policies.at("P-DIGEST", local.date())["at"])
    day = local.date()
    if local.time() >= at or not parts.calendar.is_work_day(day):
        day = parts.calendar.next_work_day(day)
    return datetime.combine(day, at, parts.calendar.zone)


async def prepare_digest(parts: Parts, fired: Fired) -> None:
    """Make the digest that is due, and schedule the next."""
    history = await parts.store.history(DIGEST, fired.item_id)
    leader = history[0].event.leader
    now = fired.cause.occurred_at
    command = PrepareDigest(
        leader=leader,
        organ=parts.people.organ_of(leader),
        at=fired.due_at,
        lines=tuple(await lines_of(parts.store.pool, leader, now, parts.calendar)),
        next_at=digest_time(parts, now),
    )
    await parts.store.execute(DIGEST, fired.item_id, command, fired.cause)
