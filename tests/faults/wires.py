"""The two ends of one connection through a link, and how bytes get from one to the other."""

import asyncio
import contextlib
import socket
import struct
from collections import deque
from typing import Protocol

RST = struct.pack("ii", 1, 0)  # linger on, for no time: what is closed is reset
MOST_CHUNKS = 64  # on the way in one direction, before nothing more is read


class Carrier(Protocol):
    """What decides how bytes travel: a link."""

    @property
    def holding(self) -> bool:
        """Whether nothing gets through."""
        ...

    def lateness(self) -> float:
        """Return by how much the next bytes are late."""
        ...

    def forget(self, pair: "Pair") -> None:
        """Know no more of *pair*."""


class Pair:
    """Two ends that belong together."""

    def __init__(self, link: Carrier) -> None:
        self.link = link
        self.sides: list[Side] = []

    def move(self) -> None:
        """Let what waited go on."""
        for side in self.sides:
            side.move()

    def end(self, *, reset: bool = False) -> None:
        """Hang up on both."""
        self.link.forget(self)
        for side in self.sides:
            side.end(reset=reset)

    def other(self, side: "Side") -> "Side | None":
        """Return the end opposite *side*, once it is there."""
        return next((s for s in self.sides if s is not side), None)


class Side(asyncio.Protocol):
    """One end: what it hears, the other end says, in its order and perhaps later."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._last_due = 0.0
        self.finished = False  # nothing more will be said here
        self._timer: asyncio.TimerHandle | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Belong to the pair."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._pair.sides.append(self)
        self._pair.move()  # the other end may have spoken first

    def data_received(self, data: bytes) -> None:
        """Carry *data* across; empty stands for the end of what is said."""
        now = asyncio.get_running_loop().time()
        self._last_due = max(self._last_due, now + self._pair.link.lateness())
        self._waiting.append((self._last_due, data))
        self.move()
        if len(self._waiting) > MOST_CHUNKS:
            self.transport.pause_reading()

    def eof_received(self) -> bool:
        """Carry the end across; stay open for what the other end still says."""
        self.data_received(b"")
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Lose the other end as well, once what was said has got through."""
        if exc is not None:
            self._pair.end(reset=True)
        elif not self._waiting:
            self._pair.end()

    def pause_writing(self) -> None:
        """Be told no more than this end can take."""
        if (other := self._pair.other(self)) is not None:
            other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Be told again."""
        if (other := self._pair.other(self)) is not None:
            other.transport.resume_reading()

    def move(self) -> None:
        """Say at the other end what is due there."""
        other = self._pair.other(self)
        loop = asyncio.get_running_loop()
        while self._waiting and other is not None and not self._pair.link.holding:
            due, data = self._waiting[0]
            if due > loop.time():
                if self._timer is None:
                    self._timer = loop.call_at(due, self._moved_by_time)
                return
            self._waiting.popleft()
            other.say(data)
        if self._waiting or self.transport.is_closing():
            return
        self.transport.resume_reading()

    def say(self, data: bytes) -> None:
        """Say what the other end heard."""
        if self.transport.is_closing():
            return
        if data:
            self.transport.write(data)
            return
        self.finished = True
        # Whoever listened may be gone, and not yet known to be.
        with contextlib.suppress(OSError):
            self.transport.write_eof()
        if all(side.finished for side in self._pair.sides):
            self._pair.end()

    def end(self, *, reset: bool = False) -> None:
        """Hang up, at once and rudely where it is a *reset*."""
        if self._timer is not None:
            self._timer.cancel()
        self._waiting.clear()
        connected = self.transport.get_extra_info("socket")
        if reset and connected is not None and connected.family == socket.AF_INET:
            if connected.fileno() >= 0:
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            self.transport.abort()
        else:
            self.transport.close()

    def _moved_by_time(self) -> None:
        self._timer = None
        self.move()


def closed_with_reset(connected: socket.socket) -> None:
    """Close *connected* so that its peer hears of it as an error."""
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    connected.close()
