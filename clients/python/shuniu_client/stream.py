"""One stream, from `open` to its end, whatever ends it."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import grpc

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu_client.endings import End, leaving
from shuniu_client.frames import Terms, acknowledged, extending, returned
from shuniu_client.ledger import Entry
from shuniu_client.shelf import Shelf

WRITE_SECONDS = 10.0
MISSED = 3  # progress frames
TICKS = 4  # looks an interval
LATE_SECONDS = 1.0

logger = logging.getLogger("shuniu_client")


Seen = Callable[[pb.SubscribeRequest | pb.SubscribeResponse], None]


class Stream:
    """Reads, writes and watches one call until one of the three is over."""

    def __init__(
        self,
        call: Any,
        number: int,
        *,
        shelf: Shelf,
        terms: Terms,
        seen: Seen,
    ) -> None:
        self._call = call
        self._number = number
        self._shelf, self._ledger, self._wake = shelf, shelf.ledger, shelf.wake
        self._terms, self._patience = terms, terms.patience
        self._seen = seen
        self._interval = terms.patience.progress_interval
        self._deadline = terms.patience.ack_deadline
        self._now = asyncio.get_running_loop().time
        self._heard = self._now()
        self._probed = 0.0  # when; 0 while no answer is awaited
        self._leaving: End | None = None
        self._finishing = False
        self._over = asyncio.Event()
        self.good = False  # it was opened
        self._writing = asyncio.Lock()  # gRPC takes one frame at a time

    async def run(self) -> End:
        """Open, and return why it ended. Raises `grpc.aio.AioRpcError`."""
        try:
            async with asyncio.timeout(self._patience.open_timeout):
                await self._write(self._terms.opening(self._shelf.cursor))
                first = await self._next()
        except TimeoutError:
            return End("no answer", dead=True)
        if isinstance(first, End):
            return first
        if not first.HasField("opened"):
            return End(f"{first.WhichOneof('kind')} came before opened")
        granted = first.opened.granted
        self._interval = granted.progress_interval.ToTimedelta().total_seconds()
        self._deadline = granted.ack_deadline.ToTimedelta().total_seconds()
        await self._shelf.opened(first.opened)
        self.good = True
        return await self._first_of(self._read(), self._speak(), self._watch())

    async def _first_of(self, *work: Any) -> End:
        tasks = [asyncio.create_task(each) for each in work]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            ended: End = next(task for task in tasks if task in done).result()
            return ended
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._over.set()

    async def finish(self) -> None:
        """Say all that there is to say, hang up, and wait until the server has heard it."""
        if self.good:
            self._finishing = True
            self._wake.set()
            await self._over.wait()

    async def _next(self) -> pb.SubscribeResponse | End:
        try:
            frame = await self._call.read()
        except grpc.aio.AioRpcError:
            if self._leaving is None:
                raise
            return self._leaving  # it said why, and how long to wait
        if not isinstance(frame, pb.SubscribeResponse):  # the end, with OK
            return self._leaving or End("OK")
        self._heard = self._now()
        self._seen(frame)
        return frame

    async def _read(self) -> End:
        while True:
            frame = await self._next()
            if isinstance(frame, End):
                return frame
            await self._take(frame)
            if self._ledger.untold():
                self._wake.set()

    async def _take(self, frame: pb.SubscribeResponse) -> None:
        kind = frame.WhichOneof("kind")
        if kind == "alerts":
            for alert in frame.alerts.items:
                name = f"{alert.alert_id}/{alert.on_behalf_of}"
                entry = Entry(
                    first=alert.sequence,
                    name=name,
                    attempt=alert.attempt,
                    stream=self._number,
                    since=self._heard,
                )
                if self._ledger.take(alert.sequence, entry, redelivered=alert.redelivered):
                    await self._shelf.alert(alert)
        elif kind == "progress":
            self._ledger.bookmark(frame.progress.sequence)
        elif kind == "gap":
            await self._shelf.gap(frame.gap, self._number)
        elif kind == "probe_reply":
            self._probed = 0.0
        elif kind == "rejected":
            refused = frame.rejected
            logger.info("rejected: %d: %s", refused.sequence, refused.detail_en)
        elif kind == "go_away":
            self._leaving = leaving(frame.go_away)
        # Anything else is of a newer server, and not for us.

    async def _speak(self) -> End:
        while True:
            await self._wake.wait()
            if not self._finishing and self._ledger.untold() < self._patience.ack_batch:
                await asyncio.sleep(self._patience.ack_delay)
            self._wake.clear()
            back = [*returned(self._ledger, self._number)]
            await self._shelf.keep()  # first: who resumes never asks for what was finished
            for request in (*back, *acknowledged(self._ledger)):
                if not await self._said(request):
                    return End("the line takes no more", dead=True)
            if self._finishing and not self._wake.is_set():
                async with self._writing:
                    await self._call.done_writing()
                await asyncio.Event().wait()  # the reader sees the end

    async def _watch(self) -> End:
        leased = self._now()
        while True:
            tick = min(self._interval, self._deadline, self._patience.probe_timeout) / TICKS
            due = self._now() + tick
            await asyncio.sleep(tick)
            now = self._now()
            if now - due > LATE_SECONDS:  # it was ourselves who stood still
                self._heard, self._probed = now, self._probed and now
            if self._probed and now - self._probed > self._patience.probe_timeout:
                return End("the probe was not answered", dead=True)
            if now - self._heard > MISSED * self._interval:
                return End(f"{MISSED} progress frames were missed", dead=True)
            if not self._probed and now - self._heard > self._interval * 3 / 2:
                self._probed = now
                probe = pb.SubscribeRequest(probe=pb.SubscribeProbe(nonce=int(now * 1000)))
                if not await self._said(probe):
                    return End("the line takes no more", dead=True)
            if now - leased >= self._deadline / 3:
                leased = now
                if not await self._keep_hold(now):
                    return End("the line takes no more", dead=True)

    async def _keep_hold(self, now: float) -> bool:
        longest = self._patience.longest_in_hand
        self._ledger.release(now, longest)
        if self._ledger.untold():
            self._wake.set()
        held = self._ledger.leases(self._number, now - longest)
        return not held or await self._said(extending(held, self._deadline))

    async def _said(self, request: pb.SubscribeRequest) -> bool:
        """Write; False where the line is stuck. What is over already, the reader sees."""
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._write(request)
        except TimeoutError:
            return False
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            await asyncio.Event().wait()
        return True

    async def _write(self, request: pb.SubscribeRequest) -> None:
        async with self._writing:
            self._seen(request)
            await self._call.write(request)
