"""All Subscribe streams of the process: who may open, who was replaced, what is written down."""

import asyncio
import contextlib
import random
import secrets
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator

import structlog

from chassis.parts import Parts
from services.notifier.projections.mailbox_acks import write
from services.notifier.projections.mailbox_places import closed, tokens
from services.notifier.projections.mailbox_reading import Reader
from services.notifier.rpc.heads import Heads
from services.notifier.rpc.limits import Admission, Limits, crowded
from services.notifier.rpc.metrics import IN_FLIGHT, STREAMS
from services.notifier.rpc.session import Session
from services.notifier.rpc.wording import Messages
from shuniu.notifier.v1 import alert_stream_pb2 as pb

MOST_TOGETHER = 200
CLOSE_SECONDS = 5.0
LOOK_SECONDS = 0.1
DRAIN_SECONDS = 5.0  # whoever takes nothing is cut off then

logger = structlog.get_logger(__name__)

Key = tuple[str, str]


def monotonic() -> float:
    """Return the event loop's time."""
    return asyncio.get_running_loop().time()


class Streams:
    """What the streams of one process share."""

    def __init__(self, parts: Parts, limits: Limits) -> None:
        self.limits = limits
        self.node = f"{socket.gethostname()}-{secrets.token_hex(4)}"
        self.reader = Reader(parts.store.pool)
        self.messages = Messages(parts)
        self.heads = Heads(
            parts.store.pool, parts.settings.dsn(parts.name), limits, self._look_at_devices
        )
        self.draining = asyncio.Event()
        self.sessions: dict[Key, Session] = {}
        self._pool = parts.store.pool
        self._epoch = parts.store.epoch
        self._admission = Admission(limits)
        self._removed = asyncio.Event()
        self._peers: dict[str, tuple[float, int]] = {}
        self._tails: Counter[str] = Counter()
        self._closing: dict[Key, asyncio.Task[None]] = {}
        self._writing: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._opened = False  # a stream, at some process, since the last look at devices
        IN_FLIGHT.set_function(
            lambda: sum(s.window.in_flight for s in self.sessions.values())
        )

    @property
    def idle(self) -> bool:
        """Say whether nothing is open and nothing runs."""
        tasks = [self._writing, self._looking, *self._closing.values()]
        running = any(task is not None and not task.done() for task in tasks)
        open_now = self.sessions or self._peers or self._tails
        return not (open_now or running) and self.heads.idle

    def admit(self) -> None:
        """Let one more stream open. Raises `RefusedRpcError`."""
        self._admission.admit(len(self.sessions) + self._tails.total(), monotonic())

    @contextlib.contextmanager
    def tailing(self, subscriber: str) -> Iterator[None]:
        """Count a `Tail` of *subscriber* while inside. Raises `RefusedRpcError`."""
        self.admit()
        if self._tails[subscriber] >= self.limits.streams_a_subscriber:
            raise crowded()
        self._tails[subscriber] += 1
        try:
            yield
        finally:
            self._tails[subscriber] -= 1
            if not self._tails[subscriber]:
                del self._tails[subscriber]

    async def settle(self, key: Key) -> None:
        """Write down what the device's last stream has to say, before its next one begins."""
        if (task := self._closing.get(key)) is not None:
            await asyncio.shield(task)
        if (session := self.sessions.get(key)) is not None:
            await self._write([session])

    def add(self, session: Session, peer: str) -> None:
        """Take in an open stream; the device's older one ends, and one too many."""
        device = session.device
        key = (device.subscriber, device.device)
        older = self.sessions.get(key)
        if older is not None and older.device.token > device.token:
            session.go(pb.GO_AWAY_REASON_REPLACED)  # it opened first, and came here last
        else:
            self.sessions[key] = session
            if older is not None:
                older.go(pb.GO_AWAY_REASON_REPLACED)
        own = [s for (who, _), s in self.sessions.items() if who == device.subscriber]
        if len(own) > self.limits.streams_a_subscriber:
            # Soon back, it would push out the next one, and that one the next.
            own[0].go(pb.GO_AWAY_REASON_LIMIT, random.uniform(10.0, 30.0))  # noqa: S311 spreads load
        STREAMS.inc()
        now = monotonic()
        since, count = self._peers.get(peer, (now, 0))
        self._peers[peer] = (since, count + 1)
        age = self.limits.connection_age * random.uniform(0.75, 0.85)  # noqa: S311 spreads load
        session.ends.append((since + age, pb.GO_AWAY_REASON_REBALANCE))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._keep_writing(), name="notifier:acks")
        if self.draining.is_set():
            session.go(pb.GO_AWAY_REASON_DRAIN)

    def remove(self, session: Session, peer: str) -> None:
        """Let go of a stream that has ended; what it has to say is written down still."""
        device = session.device
        key = (device.subscriber, device.device)
        STREAMS.dec()
        since, count = self._peers.pop(peer)
        if count > 1:
            self._peers[peer] = (since, count - 1)
        if self.sessions.get(key) is not session:
            return  # replaced: its token is worth nothing
        del self.sessions[key]
        self._removed.set()
        task = asyncio.create_task(self._close(session), name="notifier:closing")
        self._closing[key] = task
        task.add_done_callback(lambda _: self._closing.pop(key, None))

    async def drain(self) -> None:
        """Ask every stream to end, spread out, and wait until they have."""
        self.draining.set()
        self.heads.wake_all()
        rate = self.limits.streams_drained_a_second
        spread = max(len(self.sessions) / rate, 0.5)
        for number, session in enumerate(list(self.sessions.values())):
            session.go(pb.GO_AWAY_REASON_DRAIN, random.uniform(0.1, spread + 0.5))  # noqa: S311 spreads load
            if number % 50 == 49:  # noqa: PLR2004 fifty at once harm nobody
                await asyncio.sleep(50 / rate)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._emptied()

    async def _emptied(self) -> None:
        while self.sessions:
            self._removed.clear()
            await self._removed.wait()
        await asyncio.gather(*self._closing.values())
        if self._writing is not None:
            self._writing.cancel()

    async def _close(self, session: Session) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._write([session])
                await closed(self._pool, session.device)
        except Exception as error:  # noqa: BLE001 what was not written is sent again
            logger.warning("stream.unwritten", error=type(error).__name__)

    async def _keep_writing(self) -> None:
        while self.sessions:
            await asyncio.sleep(self.limits.flush)
            waiting = [s for s in self.sessions.values() if s.said]
            try:
                for first in range(0, len(waiting), MOST_TOGETHER):
                    await self._write(waiting[first : first + MOST_TOGETHER])
            except Exception as error:  # noqa: BLE001 they are written at the next turn
                logger.warning("stream.unwritten", error=type(error).__name__)

    async def _write(self, sessions: Iterable[Session]) -> None:
        taken = [(session, session.take_notes()) for session in sessions]
        said = [(session, notes) for session, notes in taken if notes is not None]
        if not said:
            return
        try:
            lost = await write(self._pool, self._epoch, [notes for _, notes in said])
        except BaseException:
            for session, notes in said:
                session.put_back(notes)
            raise
        for session, _ in said:
            if session.device in lost:
                session.go(pb.GO_AWAY_REASON_REPLACED)

    def _look_at_devices(self) -> None:
        self._opened = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(
                self._keep_looking(), name="notifier:devices"
            )

    async def _keep_looking(self) -> None:
        """Look once for all that open within a moment: in a storm many do."""
        while self._opened:
            await asyncio.sleep(LOOK_SECONDS)
            self._opened = False
            await self._look()

    async def _look(self) -> None:
        """End streams whose device has opened another one at another process."""
        try:
            found = await tokens(self._pool, list(self.sessions))
        except Exception as error:  # noqa: BLE001 a write under the old token finds it too
            logger.warning("stream.unlooked", error=type(error).__name__)
            return
        for key, session in list(self.sessions.items()):
            if found.get(key, session.device.token) > session.device.token:
                session.go(pb.GO_AWAY_REASON_REPLACED)


def machine_time() -> float:
    """Return Unix seconds: what a token's expiry is counted in."""
    return time.time()
