"""What is final: the proof that a reader will not pass over an event still to be committed.

    W := the sequence's last value                     -- statement 1
    V := virtual transactions holding a shard's marker -- statement 2, after 1
    positions <= W of the shard are final once every transaction in V has gone

Whoever drew a position up to W had taken the marker before; PostgreSQL releases locks
after it has made a commit visible. The proof dies with the connection that made it: after
any error nothing is known to be final until it is proved again.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from chassis.database import Session, connect, retryable
from chassis.store.shards import MARKER_NAMESPACE, SHARDS

FAST_SECONDS = 0.005
SLOW_SECONDS = 0.25

HOLDERS = """
select objid::bigint as shard, virtualtransaction
from pg_locks
where locktype = 'advisory' and objsubid = 2 and granted and classid::bigint = $1
  and database = (select oid from pg_database where datname = current_database())
"""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Final:
    """Positions up to *position* are final, proved by a session alive at *since*."""

    position: int
    since: float


@dataclass(slots=True)
class _Proof:
    """A shard's proof under way: final once everyone in *waiting* has gone."""

    final: Final
    waiting: set[str]


class Tailer:
    """Watches one position sequence and its markers for all followers of a process."""

    def __init__(
        self,
        dsn: str,
        sequence: str = "store.event_position_seq",
        wake: asyncio.Event | None = None,
    ) -> None:
        self._dsn = dsn
        self._sequence = sequence
        self._wake = wake or asyncio.Event()
        self._floor: Final | None = None  # of every shard that nobody holds
        self._held: dict[int, Final | None] = {}  # of the shards that somebody holds
        self._proofs: dict[int, _Proof] = {}
        self._changed = asyncio.Condition()
        self._delay = FAST_SECONDS
        self.turn = 0
        self.holders: Mapping[int, set[str]] = {}

    def final(self, shard: int) -> Final | None:
        """Return how far *shard* is final, or None while nothing is proved."""
        return self._held.get(shard, self._floor)

    def finals(self) -> list[Final | None]:
        """Return how far each shard is final now."""
        return [self.final(shard) for shard in range(SHARDS)]

    async def advanced(self, at_most: float, turn: int | None = None) -> None:
        """Wait until something more became final, for at most that many seconds.

        With *turn* it is enough that this has happened since `turn` was that.
        """
        since = self.turn if turn is None else turn
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most), self._changed:
                await self._changed.wait_for(lambda: self.turn != since)

    def hint(self) -> None:
        """Say that something was just appended: look soon."""
        self._wake.set()

    async def nudge(self) -> None:
        """Let every follower take a turn: business time has moved."""
        await self._next_turn()

    async def run(self) -> None:
        """Tail until cancelled; start over after every lost connection."""
        while True:
            try:
                session = await connect(self._dsn)
                try:
                    await self._tail(session)
                finally:
                    session.terminate()
            except Exception as error:  # noqa: BLE001 whatever it is, the feed must go on
                self._forget()
                if not retryable(error):
                    logger.warning("tailer.failed", error=type(error).__name__)
                await asyncio.sleep(SLOW_SECONDS)

    async def _tail(self, session: Session) -> None:
        isolation = await session.fetchval("show transaction_isolation")
        if isolation != "read committed":
            raise RuntimeError("the feed's proof needs READ COMMITTED, not " + isolation)
        self._forget()
        while True:
            moved = await self._look(session)
            self._delay = FAST_SECONDS if moved else min(self._delay * 2, SLOW_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._delay):
                    await self._wake.wait()
                    self._delay = FAST_SECONDS
            self._wake.clear()

    async def _look(self, session: Session) -> bool:
        since = time.monotonic()
        drawn = await session.fetchval(
            f"select case when is_called then last_value else 0 end from {self._sequence}"  # noqa: S608 a constant of ours
        )
        holders: dict[int, set[str]] = {}
        for shard, transaction in await session.fetch(HOLDERS, MARKER_NAMESPACE):
            holders.setdefault(shard, set()).add(transaction)
        self.holders = holders
        moved = self._settle(holders, Final(drawn, since))
        if moved:
            await self._next_turn()
        return moved

    async def _next_turn(self) -> None:
        self.turn += 1
        async with self._changed:
            self._changed.notify_all()

    def _settle(self, holders: Mapping[int, set[str]], now: Final) -> bool:
        """Take in one look; say whether any shard became final further than before."""
        moved = self._floor is None or now.position > self._floor.position
        for shard, proof in list(self._proofs.items()):
            proof.waiting &= holders.get(shard, set())
            if not proof.waiting:
                self._held[shard] = proof.final
                del self._proofs[shard]
                moved = True
        for shard, transactions in holders.items():
            if shard not in self._proofs:
                self._held.setdefault(shard, self._floor)
                self._proofs[shard] = _Proof(now, set(transactions))
        for shard in self._held.keys() - self._proofs.keys():
            del self._held[shard]  # nobody holds it: the floor speaks for it again
        self._floor = now
        return moved

    def _forget(self) -> None:
        self._floor, self._held, self._proofs, self._delay = None, {}, {}, FAST_SECONDS
