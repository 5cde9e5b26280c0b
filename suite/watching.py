"""A suite as it runs, gathered from where it can be seen: services, public events, alerts.

What it shows is bounded, and it outlives what it looks at: a service that is away is shown
as away until it is back.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import grpc
import httpx

from chassis.log import Log
from chassis.log.embedded import EmbeddedLog
from chassis.log.kafka import KafkaLog
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from suite.alerts import tail
from suite.client import Client, RefusedCallError
from suite.hosting import SERVICES
from suite.reaching import OPERATOR, Reach
from suite.tailing import TOPICS, Told, read

KEPT = 40
LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 3.0
AGAIN_SECONDS = 2.0
ERRORS = 500
GONE = frozenset({404, 502, 504})

Opened = Callable[[], AbstractAsyncContextManager[Log]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A service at the last look. *lag* is None where it did not say how far it is."""

    name: str
    up: bool
    said: str = ""
    lag: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Picture:
    """What was seen last. *troubles* says, of events and alerts, why they do not come."""

    services: Sequence[Seen] = ()
    now: datetime | None = None
    events: Sequence[Told] = ()
    alerts: Sequence[tuple[str, pb.Alert]] = ()
    troubles: dict[str, str] = field(default_factory=dict)


def log_of(reach: Reach, bootstrap: str | None) -> Opened | None:
    """Return how the log of the suite is opened; None where nobody said where it is."""
    if bootstrap is None and reach.log is None:
        return None

    @asynccontextmanager
    async def opened() -> AsyncIterator[Log]:
        if bootstrap is not None:
            kafka = KafkaLog(bootstrap)
            try:
                yield kafka
            finally:
                await kafka.close()
            return
        log = EmbeddedLog(reach.log or "")
        await log.start()
        try:
            yield log
        finally:
            await log.close()

    return opened


class Watcher:
    """Looks at one suite: *people* are whose alerts are shown, *reader* asks for the time."""

    def __init__(
        self,
        reach: Reach,
        client: Client,
        *,
        log: Opened | None,
        people: Sequence[str],
        reader: str | None,
    ) -> None:
        self.picture = Picture()
        self._reach = reach
        self._client = client
        self._log = log
        self._people = people
        self._reader = reader
        self._reached: dict[str, int] = {}

    async def once(self) -> None:
        """Look at everything once; what does not answer in time is shown as missing."""
        alerts = [self._tried(partial(self._recent, who), "alerts") for who in self._people]
        await asyncio.gather(
            self._tried(self._look, "services"), self._events(follow=False), *alerts
        )

    async def run(self) -> None:
        """Look until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._again(self._look, LOOK_SECONDS, "services"))
            tasks.create_task(self._again(self._events, AGAIN_SECONDS, "events"))
            for person in self._people:
                tasks.create_task(
                    self._again(partial(self._alerts, person), AGAIN_SECONDS, "alerts")
                )

    async def _again(self, work: Callable[[], Any], pause: float, what: str) -> None:
        while True:
            await self._tried(work, what)
            await asyncio.sleep(pause)

    async def _tried(self, work: Callable[[], Any], what: str) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 whatever it is, the rest goes on
            self.picture.troubles[what] = _reason(error)

    async def _look(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            looks = [tasks.create_task(self._service(name)) for name in SERVICES]
            clock = tasks.create_task(self._now())
        self.picture.services = [look.result() for look in looks]
        self.picture.now = clock.result() or self.picture.now
        self.picture.troubles.pop("services", None)

    async def _service(self, name: str) -> Seen:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                lag = await self._client.get(OPERATOR, f"/{name}/admin/v1/lag")
        except RefusedCallError as refusal:
            away = refusal.status in GONE or refusal.status >= ERRORS
            return Seen(name, up=not away, said=str(refusal))
        except (httpx.HTTPError, OSError) as error:
            return Seen(name, up=False, said=_reason(error))
        return Seen(name, up=True, lag=lag)

    async def _now(self) -> datetime | None:
        """Return the suite's own time, which in a demo is not the machine's."""
        if self._reader is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                today = await self._client.get(self._reader, "/supervision/v1/today")
            return datetime.fromisoformat(today["now"])
        except (RefusedCallError, httpx.HTTPError, OSError, KeyError, ValueError):
            return None

    async def _events(self, *, follow: bool = True) -> None:
        if self._log is None:
            self.picture.troubles["events"] = "no log: --bootstrap HOST:PORT"
            return
        try:
            async with asyncio.timeout(None if follow else PATIENCE_SECONDS):
                await self._read(self._log, follow=follow)
        except Exception as error:
            self.picture.troubles["events"] = _reason(error)
            if follow:
                raise

    async def _read(self, opened: Opened, *, follow: bool) -> None:
        async with (
            opened() as log,
            aclosing(
                read(log, TOPICS, from_start=False, follow=follow, last=KEPT)  # type: ignore[type-var] # an async generator
            ) as batches,
        ):
            async for batch in batches:
                self.picture.troubles.pop("events", None)
                known = {_key(event): event for event in (*self.picture.events, *batch)}
                self.picture.events = sorted(known.values(), key=_moment)[-KEPT:]

    async def _recent(self, person: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._alerts(person, follow=False)
        except (grpc.aio.AioRpcError, OSError) as error:
            self.picture.troubles["alerts"] = _reason(error)

    async def _alerts(self, person: str, *, follow: bool = True) -> None:
        head = await self._head(person)
        after = self._reached.setdefault(person, max(0, head - KEPT))
        if not follow and head <= after:
            return
        responses = self._tail(person, after=after)
        async with aclosing(responses):  # type: ignore[type-var] # an async generator
            async for response in responses:
                self.picture.troubles.pop("alerts", None)
                if not follow and response.opened.oldest_sequence > head:
                    return  # all that it had is no longer kept
                if not response.HasField("alert"):
                    continue
                alert = response.alert
                self._reached[person] = alert.sequence
                every = [*self.picture.alerts, (person, alert)]
                self.picture.alerts = sorted(every, key=_arrived)[-KEPT:]
                if not follow and alert.sequence >= head:
                    return

    async def _head(self, person: str) -> int:
        """Return the number of the last alert that *person* has."""
        responses = self._tail(person, from_now=True)
        async with aclosing(responses):  # type: ignore[type-var] # an async generator
            async for response in responses:
                if response.HasField("opened"):
                    return int(response.opened.head_sequence)
        return 0

    def _tail(self, person: str, **how: Any) -> AsyncIterator[pb.TailResponse]:
        def lost() -> None:
            self.picture.troubles["alerts"] = "连接中断，正在重连（trying again）"

        reach = self._reach
        token = reach.token(person)
        return tail(reach.grpc, token, secure=reach.secure, lost=lost, **how)


def _key(event: Told) -> tuple[str, ...]:
    """Return what tells *event* from others: the log may hold it twice."""
    record, said = event.record, event.attributes
    place = (record.topic, f"{record.partition}", f"{record.offset}")
    return (said["source"], said["id"]) if {"source", "id"} <= said.keys() else place


def _moment(event: Told) -> tuple[str, int]:
    return (event.attributes.get("time", ""), event.record.offset)


def _arrived(item: tuple[str, pb.Alert]) -> tuple[datetime, int]:
    return (item[1].occurred_at.ToDatetime(), item[1].sequence)


def _reason(error: BaseException) -> str:
    if isinstance(error, grpc.aio.AioRpcError):
        return f"{error.code().name}: {error.details()}"
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}"[:120] if said else type(error).__name__
