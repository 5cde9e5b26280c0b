"""What a digest's events make us do: its timer, and the mailbox of the leader's aide."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from chassis.feed.cursor import Step
from chassis.feed.follower import Follower
from chassis.parts import Parts
from chassis.people import People
from chassis.store import Stored
from chassis.store.cause import derived_id
from chassis.timers import Arm, Disarm, Fired, Firing, Setting
from services.notifier.domain.commands import PrepareDigest
from services.notifier.domain.digest import DIGEST
from services.notifier.domain.events import (
    DigestEnded,
    DigestEvent,
    DigestPrepared,
    DigestScheduled,
)
from services.notifier.projections import mailbox_retention
from services.notifier.projections.mailbox import Alert, deliver
from services.notifier.projections.matters import hold_digest, lines_of

DIGEST_TIMER = "digest"
DIGEST_RULE = "N-DIGEST"


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
    people = await parts.directory.people()
    async with parts.engine.begin() as connection:
        await hold_digest(leader, connection)
        command = PrepareDigest(
            leader=leader,
            organ=people.organ_of(leader) if leader in people.people else "",
            at=fired.due_at,
            lines=tuple(await lines_of(connection, leader, now, parts.calendar)),
            next_at=digest_time(parts, now),
        )
        await parts.store.execute(DIGEST, fired.item_id, command, fired.cause)


def arm_digest(event: DigestEvent) -> Sequence[Setting]:
    """Return the timers that *event* arms and disarms."""
    match event:
        case DigestScheduled(at=at):
            return [Arm(name=DIGEST_TIMER, due_at=at)]
        case DigestPrepared():
            return []
        case DigestEnded():
            return [Disarm(name=DIGEST_TIMER)]


def firing(parts: Parts) -> Mapping[str, Firing]:
    """Return what the timer does when its time has come."""

    async def digest(fired: Fired) -> None:
        await prepare_digest(parts, fired)

    return {DIGEST_TIMER: digest}


async def forget_alerts(parts: Parts) -> None:
    """Let mailboxes forget what is older than P-ALERTS-KEPT says."""
    today = parts.calendar.local(await parts.clock.now()).date()
    kept = parts.policies.at("P-ALERTS-KEPT", today)["days"]
    now = datetime.now(UTC)  # noqa: TID251 kept by machine time, as a log is
    await mailbox_retention.forget(parts.store.pool, now - timedelta(days=kept))


class DigestDelivery(Follower):
    """Puts every digest into the mailbox of the leader's aide, or of a leader without one."""

    def __init__(self, parts: Parts) -> None:
        super().__init__("digests")
        self._parts = parts

    async def handle(self, batch: Sequence[Stored[Any]], step: Step) -> None:
        """Deliver, with the checkpoint in one transaction."""
        people = await self._parts.directory.people()
        async with step.engine.begin() as connection:
            for stored in batch:
                if isinstance(stored.event, DigestPrepared):
                    digest = self._digest(stored, stored.event, people)
                    await deliver(connection, *digest)
            await step.done(connection)

    def _digest(
        self, stored: Stored[Any], event: DigestPrepared, people: People
    ) -> tuple[Alert, list[tuple[str, str]]]:
        lines = [
            {
                "number": line.number,
                "unit": line.unit,
                "due": line.due.isoformat(),
                "overdue_work_days": line.overdue_work_days,
                "work_days_left": line.work_days_left,
                "feedback": line.feedback,
                "completed": line.completed,
            }
            for line in event.lines
        ]
        args = {
            "leader": event.leader,
            "organ": event.organ,
            "in_progress": event.in_progress,
            "overdue": event.overdue,
            "lines": lines,
        }
        alert = Alert(
            alert_id=uuid5(stored.event_id, DIGEST_RULE),
            rule=DIGEST_RULE,
            kind="digest",
            severity="notice",
            entity_type="digest",
            entity_id=stored.item_id,
            entity_number=None,
            args=args,
            occurred_at=stored.meta.occurred_at,
            created_at=stored.meta.occurred_at,
            deadline_at=None,
            event_id=str(stored.event_id),
            event_type=stored.type,
            topic="",
            correlation_id=stored.meta.correlation_id,
        )
        aides = people.aides_of(event.leader)
        told = [(aide, event.leader) for aide in aides] or [(event.leader, "")]
        return alert, told
