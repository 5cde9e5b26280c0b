"""A service that counts, small enough to be put wrong by hand: what the checkers are tried on."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from google.protobuf.message import Message
from google.protobuf.wrappers_pb2 import StringValue

from chassis.composing import Service
from chassis.http.doors import KEYS
from chassis.projection import Projecting
from tests.faults.evidence import Evidence
from tests.faults.history import Attempt, History, Outcome, Phase
from tests.support.counters import counters_projection
from tests.support.samples import COUNTER, CounterRaised, RaiseCounter, cause
from tests.support.service import Process, eventually

SERVICE = "counters"
STANDING = pytest.mark.parametrize("stands", [True, False], ids=["stands", "is removed"])


def counting(topic: str | None = None) -> Service:
    """Return the service, publishing to *topic*."""
    return Service(
        name=SERVICE,
        title="counters",
        folder=Path(),
        categories=(COUNTER,),
        projections=(counters_projection(),),
        topics={COUNTER.name: topic} if topic else {},
        to_public=to_public,
    )


def to_public(event: Any) -> Message | None:
    """Let others know that a counter was raised, and nothing else."""
    return StringValue(value=event.remark) if isinstance(event, CounterRaised) else None


SERVICES = {SERVICE: counting()}


def attempt(key: UUID, item: UUID, outcome: Outcome, **given: Any) -> Attempt:
    """Return what a client noted of one request to raise a counter."""
    statuses = {Outcome.OK: 200, Outcome.REFUSED: 409, Outcome.UNKNOWN: None}
    usual: dict[str, Any] = {
        "client": 0,
        "key": key,
        "service": SERVICE,
        "act": "raise",
        "item": item,
        "phase": Phase.FAULT,
        "sent_at": 0.0,
        "outcome": outcome,
        "status": statuses[outcome],
        "person": "sun.li",
    }
    known = usual | given
    return Attempt(**{"ended_at": known["sent_at"] + 0.01} | known)


def evidence_of(dsn: str, folder: Path) -> Evidence:
    """Return what a run of the service has left as yet in *folder*: nothing but a database."""
    (logs := folder / "logs").mkdir()
    return Evidence(
        history=History(folder / "history.jsonl"),
        databases={SERVICE: dsn},
        bootstrap="",
        logs=logs,
        secrets=frozenset(),
    )


async def said_by(checker: Any, evidence: Evidence) -> Sequence[str]:
    """Return the violations that a checker finds in the service that counts."""
    violations: Sequence[str] = (await checker(evidence, SERVICES)).violations
    return violations


async def play(process: Process, evidence: Evidence) -> None:
    """Let clients ask for what comes to every outcome, and a view follow."""
    following = process.follow(Projecting(SERVICES[SERVICE].projections[0]))
    for _ in range(10):
        await _ask(process, evidence, Outcome.OK)
    await _ask(process, evidence, Outcome.REFUSED, sent_at=10.0)
    await _ask(process, evidence, Outcome.UNKNOWN, sent_at=11.0)
    item = uuid4()
    key = await _ask(process, evidence, Outcome.UNKNOWN, item=item, done=True, sent_at=12.0)
    await _ask(
        process, evidence, Outcome.OK, key=key, item=item, phase=Phase.QUIESCE, sent_at=20.0
    )
    await _ask(
        process, evidence, Outcome.UNKNOWN, done=True, sent_at=12.0
    )  # and the client gave up
    await eventually(lambda: _caught_up(process))
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def _ask(
    process: Process, evidence: Evidence, outcome: Outcome, **given: Any
) -> UUID:
    """Raise a new counter twice where that was *done*; note what the client was told."""
    key, item = given.pop("key", None) or uuid4(), given.pop("item", None) or uuid4()
    if given.pop("done", outcome is Outcome.OK):
        command_id = uuid5(KEYS, f"{SERVICE}|sun.li|{key}")
        command = RaiseCounter(counter_id=item, times=2)
        await process.store.execute(COUNTER, item, command, cause(command_id))
    evidence.history.add(attempt(key, item, outcome, **given))
    return key


async def _caught_up(process: Process) -> bool:
    behind = await process.store.pool.fetchval(
        "select count(*) from store.event e left join feed.checkpoint c using (shard) "
        "where e.position > coalesce(c.position, 0)"
    )
    return not behind
