"""The client: one endless loop over a person's alerts, whatever the line does."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

import grpc

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu_client.endings import End
from shuniu_client.frames import Begin, Patience, Terms
from shuniu_client.items import Item
from shuniu_client.line import Line, Token
from shuniu_client.place import MemoryPlace, Place
from shuniu_client.refusals import ReplacedError, judged
from shuniu_client.shelf import Shelf
from shuniu_client.stream import Seen, Stream
from shuniu_client.waiting import Backoff

LAST_WORD_SECONDS = 2.0
STEADY_SECONDS = 5.0  # a stream that lived so long was a good one
TOKENS = 3  # refused in a row

logger = logging.getLogger("shuniu_client")


def _nobody(_: object) -> None:
    """Tell nobody."""


class AlertClient:
    """Gives alerts one by one, each at least once; use it in `async with` and `async for`.

    *token* is asked for each call, plain or awaitable. *device_id* names this installation, the
    same in every run. *ended* hears why a stream ended before it goes on; *seen* sees every
    frame. Iterating raises `AlertsRefusedError` or `ReplacedError` where nothing would help.
    """

    def __init__(
        self,
        target: str,
        *,
        token: Token,
        device_id: str,
        place: Place | None = None,
        credentials: grpc.ChannelCredentials | None = None,
        begin: Begin | datetime = Begin.LAST_ACKED,
        filter: pb.AlertFilter | None = None,  # noqa: A002 the contract's word
        shared: bool = False,
        max_in_flight: int = 128,
        patience: Patience | None = None,
        ended: Callable[[str], None] = _nobody,
        seen: Seen = _nobody,
    ) -> None:
        self._line = Line(target, token, credentials)
        self._terms = Terms(
            device_id=device_id,
            begin=begin,
            filter=filter,
            shared=shared,
            max_in_flight=max_in_flight,
            patience=patience or Patience(),
        )
        self._tell_ended, self._seen = ended, seen
        self._shelf = Shelf(self._line, place or MemoryPlace(), self._terms)
        self._backoff = Backoff()
        self._number = 0
        self._refused = 0
        self._closing = False
        self._stream: Stream | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._shelf.load()
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._closing = True
        if self._stream is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stream.finish(), LAST_WORD_SECONDS)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._shelf.end(StopAsyncIteration())
        try:
            await self._last_word()
        finally:
            await self._line.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Item:
        return await self._shelf.next()

    async def _run(self) -> None:
        try:
            while True:
                end = await self._once()
                if self._closing:
                    return
                if end.replaced:
                    raise ReplacedError(self._terms.device_id)  # noqa: TRY301 one place to fail
                logger.info("stream ended, going on: %s", end.why)
                self._tell_ended(end.why)
                if end.dead:
                    await self._line.renew()
                await asyncio.sleep(self._backoff.next(end.asked))
        except Exception as error:  # noqa: BLE001 whatever it is, whoever iterates must know
            await self._shelf.end(error)

    async def _once(self) -> End:
        """Live through one stream. Raises `AlertsRefusedError`."""
        now = asyncio.get_running_loop().time
        call, began = await self._line.subscribe(), now()
        self._number += 1
        stream = self._stream = Stream(
            call,
            self._number,
            shelf=self._shelf,
            terms=self._terms,
            seen=self._seen,
        )
        try:
            return await stream.run()
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.UNAUTHENTICATED:
                self._refused += 1
            return judged(error, final=self._refused >= TOKENS)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return End("CANCELLED here", dead=True)
        finally:
            self._stream = None
            call.cancel()  # or it would never be collected
            if stream.good:
                self._refused = 0
            if now() - began > STEADY_SECONDS:
                self._backoff.reset()

    async def _last_word(self) -> None:
        """Store and acknowledge what is finished; what cannot be said comes again."""
        said = await self._shelf.last_words(self._number)
        with contextlib.suppress(grpc.aio.AioRpcError, TimeoutError):
            async with asyncio.timeout(LAST_WORD_SECONDS):
                await self._line.settle(said)
