"""The audit record: what operators did, and what was denied. Events like any other."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, TypeAlias, assert_never, get_args

from chassis.auth.caller import Caller
from chassis.domain import Category, Command, Event, Label
from chassis.store import Cause, Store
from chassis.store.cause import derived_id


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessDenied(Event):
    """Somebody tried what no policy permits."""

    label: ClassVar[Label] = Label("越权被拒", "Access denied")

    subject: str
    action: str
    item: str
    policy: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminActed(Event):
    """An operator changed how the system runs."""

    label: ClassVar[Label] = Label("运维操作", "Admin acted")

    subject: str
    action: str
    item: str


AuditEvent: TypeAlias = AccessDenied | AdminActed


@dataclass(frozen=True, kw_only=True, slots=True)
class Record(Command):
    """Write one entry."""

    entry: AuditEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One audit entry: written once, never changed."""

    written: bool = False

    def decide(self, command: Record) -> list[AuditEvent]:
        """Return the entry, unless it is there already."""
        return [] if self.written else [command.entry]

    def evolve(self, event: AuditEvent) -> "Entry":
        """Return the entry, written."""
        match event:
            case AccessDenied() | AdminActed():
                return Entry(written=True)
            case _:
                assert_never(event)


AUDIT = Category(
    name="audit",
    noun="Audit",
    initial=Entry(),
    events=get_args(AuditEvent),
    commands=(Record,),
)


async def denied(
    store: Store,
    caller: Caller,
    now: datetime,
    *,
    action: str,
    item: str,
    policy: str | None,
) -> None:
    """Record a denial: one entry a minute for the same try, so that a flood fills nothing."""
    entry = AccessDenied(subject=caller.subject, action=action, item=item, policy=policy)
    minute = now.replace(second=0, microsecond=0)
    entry_id = derived_id("audit", "denied", caller.subject, action, item, minute)
    cause = Cause(command_id=entry_id, actor=caller.subject, occurred_at=now)
    await store.execute(AUDIT, entry_id, Record(entry=entry), cause)


async def acted(
    store: Store, caller: Caller, cause: Cause, *, action: str, item: str
) -> None:
    """Record what an operator did, under the id of the request that asks for it.

    Raises `DifferentRequestError` where that id stands for another request.
    """
    entry = AdminActed(subject=caller.subject, action=action, item=item)
    entry_id = derived_id("audit", "acted", cause.command_id)
    cause = replace(cause, command_id=entry_id, expected_version=None)
    await store.execute(AUDIT, entry_id, Record(entry=entry), cause)
