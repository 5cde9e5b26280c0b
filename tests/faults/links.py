"""Links: every connection between two goes through one, and it can fail as networks do."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from tests.faults.wires import Pair, Side, closed_with_reset

HOST = "127.0.0.1"
RETRANSMISSIONS = (0.2, 0.4, 0.8)  # how long TCP waits for a lost segment's answer
BACKLOG = 256

Address: TypeAlias = tuple[str, int] | str
"""TCP, or the path of a Unix socket."""


class Link:
    """One way between two. What a verb does holds until `heal`.

    *targets* are asked at each connection, so that a server may move; where there are several
    they take turns, and one that is not there is passed over, as a load balancer does.
    """

    def __init__(
        self, name: str, targets: Callable[[], Sequence[Address]], port: int = 0
    ) -> None:
        self.name = name
        self._targets = targets
        self._turn = 0
        self._pairs: set[Pair] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._chance = Random(name)  # noqa: S311 repeatable
        self._open = asyncio.Event()
        self._open.set()
        self._lost = self._seconds = self._jitter = 0.0
        self._listening: socket.socket | None = _bound(port)
        self.port: int = self._listening.getsockname()[1]
        self._listen()

    def cut(self) -> None:
        """End what is connected, and refuse what comes."""
        self._deaf()
        self._end()

    def reset(self) -> None:
        """End what is connected with RST; what comes anew gets through."""
        self._end(reset=True)

    def black_hole(self) -> None:
        """Take connections and bytes, and let none of them through. `heal` lets them go on."""
        self._open.clear()

    def delay(self, seconds: float, jitter: float = 0.0) -> None:
        """Let everything take so much longer, each way."""
        self._seconds, self._jitter = seconds, jitter

    def lossy(self, share: float) -> None:
        """Lose a share of what is sent: TCP sends it again, and all behind it waits."""
        self._lost = share

    def heal(self) -> None:
        """Be a good link again."""
        self._lost = self._seconds = self._jitter = 0.0
        if self._listening is None:
            self._listening = _bound(self.port)
            self._listen()
        self._open.set()
        for pair in list(self._pairs):
            pair.move()

    def close(self) -> None:
        """End for good."""
        self._deaf()
        for task in self._tasks:
            task.cancel()
        self._end(reset=True)

    def lateness(self) -> float:
        """Return by how much the next bytes are late."""
        late = self._seconds + self._chance.uniform(0, self._jitter)
        if self._lost:
            late += sum(s for s in RETRANSMISSIONS if self._chance.random() < self._lost)
        return late

    @property
    def holding(self) -> bool:
        """Whether nothing gets through."""
        return not self._open.is_set()

    def _listen(self) -> None:
        if self._listening is not None:
            self._listening.listen(BACKLOG)
            asyncio.get_running_loop().add_reader(self._listening, self._accept)

    def _deaf(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening)
            self._listening.close()
            self._listening = None

    def _accept(self) -> None:
        if self._listening is None:
            return
        try:
            connected, _ = self._listening.accept()
        except OSError:
            return
        connected.setblocking(False)
        task = asyncio.create_task(self._connect(connected))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, connected: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        pair = Pair(self)
        try:
            await self._open.wait()
            await self._dial(pair)
            await loop.connect_accepted_socket(lambda: Side(pair), connected)
        except OSError:
            closed_with_reset(connected)
            pair.end()
            return
        except asyncio.CancelledError:
            connected.close()
            pair.end()
            raise
        if self._listening is None:  # cut meanwhile
            pair.end()
            return
        self._pairs.add(pair)
        pair.move()

    async def _dial(self, pair: "Pair") -> None:
        """Connect *pair* to the next target that is there. Raises `OSError`."""
        loop = asyncio.get_running_loop()
        targets = self._targets()
        self._turn += 1
        lost = OSError("there is nobody")
        for n in range(len(targets)):
            target = targets[(self._turn + n) % len(targets)]
            try:
                if isinstance(target, str):
                    await loop.create_unix_connection(lambda: Side(pair), target)
                else:
                    await loop.create_connection(lambda: Side(pair), *target)
                return
            except OSError as error:
                lost = error
        raise lost

    def _end(self, *, reset: bool = False) -> None:
        for pair in list(self._pairs):
            pair.end(reset=reset)

    def forget(self, pair: "Pair") -> None:
        """Know no more of *pair*: it has ended."""
        self._pairs.discard(pair)


class Links:
    """Several links that fail as one: those of a process to each broker."""

    def __init__(self, links: Sequence[Link]) -> None:
        self.links = links

    def cut(self) -> None:
        """See `Link.cut`."""
        for link in self.links:
            link.cut()

    def reset(self) -> None:
        """See `Link.reset`."""
        for link in self.links:
            link.reset()

    def black_hole(self) -> None:
        """See `Link.black_hole`."""
        for link in self.links:
            link.black_hole()

    def delay(self, seconds: float, jitter: float = 0.0) -> None:
        """See `Link.delay`."""
        for link in self.links:
            link.delay(seconds, jitter)

    def lossy(self, share: float) -> None:
        """See `Link.lossy`."""
        for link in self.links:
            link.lossy(share)

    def heal(self) -> None:
        """See `Link.heal`."""
        for link in self.links:
            link.heal()

    def close(self) -> None:
        """See `Link.close`."""
        for link in self.links:
            link.close()


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setblocking(False)
    bound.bind((HOST, port))
    return bound
