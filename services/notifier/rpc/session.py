"""One Subscribe stream: what it owes its client, one turn after another."""

import asyncio
import contextlib
import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from grpc.aio import EOF

from chassis.database import retryable
from chassis.wire import timestamp
from services.notifier.domain.window import Window
from services.notifier.projections.mailbox_acks import Acked
from services.notifier.projections.mailbox_places import Device
from services.notifier.rpc.heads import Watch
from services.notifier.rpc.limits import Limits
from services.notifier.rpc.metrics import PARKED, WENT_AWAY
from services.notifier.rpc.opening import Beginning, Terms, wrong
from services.notifier.rpc.sending import Sending
from services.notifier.rpc.taking import Taking
from shuniu.notifier.v1 import alert_stream_pb2 as pb

MOST_ANSWERS = 100

logger = structlog.get_logger(__name__)


class DeadStreamError(Exception):
    """The client takes nothing any more: nothing further is written."""


class Session:
    """One stream between its `opened` and its end."""

    def __init__(
        self,
        *,
        device: Device,
        session_id: UUID,
        terms: Terms,
        beginning: Beginning,
        window: Window,
        epoch: str,
        acked: int,
        limits: Limits,
        context: Any,
    ) -> None:
        self.device = device
        self.session_id = session_id
        self.terms = terms
        self.window = window
        self.wake = asyncio.Event()
        self.said = False  # something is to be written down
        self.ends: list[tuple[float, pb.GoAwayReason.ValueType]] = []
        self.beginning = beginning
        self._epoch = epoch
        self.acked = acked
        self._limits = limits
        self._context = context
        self._taking = Taking(window, terms, limits)
        self._answers: list[pb.SubscribeResponse] = []  # a deque takes more, empty
        self._answered: asyncio.Event | None = None  # once too many answers wait
        self._probe: int | None = None
        self._notes: dict[int, dict[str, Any]] = {}
        self._away: tuple[pb.GoAwayReason.ValueType, float] | None = None
        self._over = False
        self._failure: BaseException | None = None
        self._progressed = -1
        self._progress_at = 0.0

    async def run(self, sending: Sending, watch: Watch) -> None:
        """Serve the client until either side ends the stream."""
        reading = asyncio.create_task(self._read(), name="notifier:reading")
        try:
            await self._turns(sending, watch)
        except DeadStreamError:
            logger.info("stream.dead", session=str(self.session_id))
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def go(self, reason: pb.GoAwayReason.ValueType, retry_after: float = 0.0) -> None:
        """Let the stream end with `go_away` at its next turn."""
        if self._away is None:
            self._away = (reason, retry_after)
            self.wake.set()

    def note(self, sequence: int, attempt: int, state: str, reason: str = "") -> None:
        """Have something written down about one alert; that it was parked outlasts the rest."""
        self.said = True
        if self._notes.get(sequence, {}).get("state") == "parked":
            return
        self._notes[sequence] = {
            "sequence": sequence,
            "attempt": attempt,
            "state": state,
            "reason": reason,
        }

    def park(self, sequence: int, attempt: int, reason: str) -> None:
        """Have it written down that an alert was given up on."""
        PARKED.inc()
        self.note(sequence, attempt, "parked", reason)

    def take_notes(self) -> Acked | None:
        """Return what is to be written down, and forget it; None where there is nothing."""
        if not self.said:
            return None
        self.said = False
        acked = self.window.acked
        self.window.beyond()  # forgets what lies at or below
        floor = acked or 0
        notes = [
            note
            for sequence, note in self._notes.items()
            if note["state"] == "parked"
            or (sequence > floor and (note["state"] == "settled" or self._flies(sequence)))
        ]
        self._notes.clear()
        return Acked(device=self.device, acked=acked, notes=notes)

    def put_back(self, notes: Acked) -> None:
        """Have *notes* written later: they could not be."""
        for note in notes.notes:
            self._notes.setdefault(note["sequence"], note)
        self.said = True

    def _flies(self, sequence: int) -> bool:
        return sequence in self.window.flights

    async def write(self, response: pb.SubscribeResponse) -> None:
        """Send one frame. Raises `DeadStreamError` where the client does not take it."""
        try:
            async with asyncio.timeout(self._limits.write):
                await self._context.write(response)
        except TimeoutError as error:
            raise DeadStreamError from error

    async def _read(self) -> None:
        try:
            while (frame := await self._context.read()) is not EOF:
                self._take(frame)
                if len(self._answers) >= MOST_ANSWERS:
                    self._answered = asyncio.Event()
                    await self._answered.wait()
            self._over = self.terms.mode != pb.ACK_MODE_NONE  # it can acknowledge no more
        except Exception as error:  # noqa: BLE001 it ends the stream, in its own turn
            self._failure = error
        self.wake.set()

    def _take(self, frame: pb.SubscribeRequest) -> None:
        kind = frame.WhichOneof("kind")
        if kind in (None, "open"):
            raise wrong(
                "after `open` come ack, nack, extend, credit and probe",
                "首帧之后只接受确认、退回、延时、额度和探测。",
            )
        if kind == "probe":
            self._probe = frame.probe.nonce
        else:
            taken = self._taking.take(frame, asyncio.get_running_loop().time())
            self._answers.extend(taken.rejected)
            for sequence in taken.settled:
                self.note(sequence, 1, "settled")
            for parked in taken.parked:
                self.park(*parked)
            if kind != "credit":
                self.said = True
        self.wake.set()

    async def _turns(self, sending: Sending, watch: Watch) -> None:
        loop = asyncio.get_running_loop()
        self._progress_at = loop.time() + self.terms.progress
        while not self._over:
            self.wake.clear()
            if self._failure is not None:
                raise self._failure
            now = loop.time()
            for at, reason in self.ends:
                if now >= at:
                    self.go(reason)
            if self._away is not None:
                await self._say_away(*self._away)
                return
            await self._answer()
            if await self._sent(sending, now):
                continue
            caught_up = self.window.reached >= watch.head
            if (caught_up and self._progressed != self.window.reached) or (
                now >= self._progress_at
            ):
                await self._progress(watch)
            until = min([self._progress_at, *(at for at, _ in self.ends)])
            if self.window.within:
                until = min(until, self.window.next_due())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(until - loop.time(), 0)):
                    await self.wake.wait()

    async def _sent(self, sending: Sending, now: float) -> bool:
        """Send what there is to send; a database that is away for a while ends no stream."""
        try:
            return await sending.again(now) or await sending.new(now)
        except Exception as error:
            if not retryable(error):
                raise
            logger.warning("stream.waits", error=type(error).__name__)
            await asyncio.sleep(random.uniform(0.1, 1.0))  # noqa: S311 spreads load
            return True

    async def _answer(self) -> None:
        while self._answers:
            await self.write(self._answers.pop(0))
        if self._answered is not None:
            self._answered.set()
            self._answered = None
        if self._probe is not None:
            nonce, self._probe = self._probe, None
            loop = asyncio.get_running_loop()
            before = loop.time()
            await asyncio.sleep(0)
            late = int((loop.time() - before) * 1000)
            reply = pb.SubscribeProbeReply(nonce=nonce, loop_lag_ms=late)
            await self.write(pb.SubscribeResponse(probe_reply=reply))

    async def _progress(self, watch: Watch) -> None:
        reached = self.window.reached
        progress = pb.SubscribeProgress(
            sequence=reached,
            server_time=timestamp(datetime.now(UTC)),  # noqa: TID251 the stream's own liveness
            backlog=max(watch.head - reached, 0),
        )
        self._progressed = reached
        interval = self.terms.progress
        self._progress_at = asyncio.get_running_loop().time() + interval
        await self.write(pb.SubscribeResponse(progress=progress))

    async def _say_away(self, reason: pb.GoAwayReason.ValueType, retry: float) -> None:
        WENT_AWAY.labels(pb.GoAwayReason.Name(reason)).inc()
        retry = retry or random.uniform(0.05, 1.0)  # noqa: S311 spreads load, keeps no secret
        acked = max(self.acked, self.window.acked or 0)
        away = pb.SubscribeGoAway(
            reason=reason, resume_cursor=pb.Cursor(epoch=self._epoch, sequence=acked)
        )
        away.retry_after.FromMilliseconds(int(retry * 1000))
        await self.write(pb.SubscribeResponse(go_away=away))
