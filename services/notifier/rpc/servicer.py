"""`AlertStream`: a person's mailbox, as it fills."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

from google.rpc import code_pb2
from grpc.aio import EOF

from chassis.auth import Caller
from chassis.parts import Parts
from chassis.rpc import guarded, guarded_call
from services.notifier.domain.window import Window
from services.notifier.projections import mailbox_places
from services.notifier.projections.mailbox_places import Device
from services.notifier.projections.mailbox_reading import before, bounds
from services.notifier.rpc import late
from services.notifier.rpc.opening import Beginning, Terms, begin, terms_of, wrong
from services.notifier.rpc.sending import Reading, Sending
from services.notifier.rpc.session import Session
from services.notifier.rpc.streams import Streams, machine_time, monotonic
from services.notifier.rpc.tailing import tail
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as grpc_pb

EXPIRY_MARGIN = 30.0


class AlertStream(grpc_pb.AlertStreamServicer):
    """Serves mailboxes: each person their own, by the token they send."""

    def __init__(self, parts: Parts, streams: Streams) -> None:
        self.parts = parts
        self.streams = streams

    @guarded("alerts.read")
    async def Tail(  # noqa: N802 the contract's name
        self, caller: Caller, request: Any, _context: Any
    ) -> AsyncIterator[Any]:
        """Stream the caller's alerts after a sequence, for as long as their token holds."""
        left = caller.expires_at - machine_time()
        pool = self.parts.store.pool
        with self.streams.tailing(caller.subject):
            responses = tail(pool, self.streams, caller.subject, request, left)
            async with aclosing(responses):
                async for response in responses:
                    yield response

    @guarded_call("alerts.read")
    async def Subscribe(  # noqa: N802 the contract's name
        self, caller: Caller, _requests: Any, context: Any
    ) -> None:
        """Stream the caller's alerts, and take acknowledgements."""
        streams = self.streams
        streams.admit()
        asked = await self._open_frame(context)
        terms = terms_of(asked, streams.limits)
        peer = context.peer()
        head, _ = await bounds(self.parts.store.pool, caller.subject)
        wake = asyncio.Event()
        with streams.heads.watching(caller.subject, head, wake) as watch:
            session = await self._session(caller, asked, terms, context)
            session.wake, watch.wake = wake, wake
            watch.head = max(watch.head, session.beginning.head)
            self._expires(caller, session)
            streams.add(session, peer)
            try:
                await session.write(self._opened(caller, session))
                if session.beginning.gap is not None:
                    session.window.leave_out(session.beginning.gap.last)
                    await session.write(session.beginning.gap.message())
                store = self.parts.store
                reading = Reading(streams.reader, streams.messages, store.pool, store.epoch)
                sending = Sending(session, watch, reading)
                await session.run(sending, watch)
            finally:
                streams.remove(session, peer)

    @guarded_call("alerts.read")
    async def Ack(  # noqa: N802 the contract's name
        self, caller: Caller, request: Any, _context: Any
    ) -> pb.AckResponse:
        """Acknowledge outside a stream."""
        return await late.ack(self.parts.store, caller.subject, request)

    @guarded_call("alerts.read")
    async def Nack(  # noqa: N802 the contract's name
        self, caller: Caller, request: Any, _context: Any
    ) -> pb.NackResponse:
        """Say outside a stream what was not handled."""
        return await late.nack(self.parts.store, caller.subject, request)

    async def _open_frame(self, context: Any) -> pb.SubscribeOpen:
        try:
            async with asyncio.timeout(self.streams.limits.open_within):
                frame = await context.read()
        except TimeoutError as error:
            raise wrong(
                "the first frame did not come in time",
                "未及时收到首帧。",
                code_pb2.DEADLINE_EXCEEDED,
            ) from error
        if frame is EOF or frame.WhichOneof("kind") != "open":
            raise wrong("the first frame is `open`", "首帧须为 open。")
        opened: pb.SubscribeOpen = frame.open
        return opened

    async def _session(
        self, caller: Caller, asked: pb.SubscribeOpen, terms: Terms, context: Any
    ) -> Session:
        store, streams = self.parts.store, self.streams
        subscriber = caller.subject
        await streams.settle((subscriber, terms.device))
        device = Device(subscriber=subscriber, device=terms.device, place=terms.place)
        session_id = uuid4()
        token, place = await mailbox_places.opened(
            store.pool,
            device,
            store.epoch,
            session_id=session_id,
            node=streams.node,
            version=terms.version,
        )
        around = await bounds(store.pool, subscriber)
        since = partial(before, store.pool, subscriber)
        beginning = await begin(asked, place, store.epoch, around, since)
        same = place.epoch == store.epoch
        window = Window(
            reached=beginning.after,
            head=beginning.head,
            messages=terms.messages,
            bytes=terms.bytes,
            deadline=terms.deadline,
            tracked=terms.mode != pb.ACK_MODE_NONE,
            attempts=place.attempts if same else {},
            settled=set(place.settled) if same and _resumes(asked, beginning) else set(),
        )
        return Session(
            device=replace(device, token=token),
            session_id=session_id,
            terms=terms,
            beginning=beginning,
            window=window,
            epoch=store.epoch,
            acked=place.acked if same else 0,
            limits=streams.limits,
            context=context,
        )

    @staticmethod
    def _expires(caller: Caller, session: Session) -> None:
        left = caller.expires_at - machine_time()
        at = monotonic() + left - min(EXPIRY_MARGIN, left / 10)
        session.ends.append((at, pb.GO_AWAY_REASON_AUTH_EXPIRING))

    def _opened(self, caller: Caller, session: Session) -> pb.SubscribeResponse:
        beginning, terms = session.beginning, session.terms
        granted = pb.SubscribeGranted(
            max_in_flight=terms.messages,
            max_in_flight_bytes=terms.bytes,
            max_batch=terms.batch,
        )
        granted.ack_deadline.FromMilliseconds(int(terms.deadline * 1000))
        granted.progress_interval.FromMilliseconds(int(terms.progress * 1000))
        opened = pb.SubscribeOpened(
            session_id=str(session.session_id),
            node=self.streams.node,
            subscriber=caller.subject,
            epoch=self.parts.store.epoch,
            head_sequence=beginning.head,
            oldest_sequence=beginning.oldest,
            acked_sequence=session.acked,
            outcome=beginning.outcome,
            granted=granted,
        )
        return pb.SubscribeResponse(opened=opened)


def _resumes(asked: pb.SubscribeOpen, beginning: Beginning) -> bool:
    """Say whether the stream goes on where the last one was, rather than where it was told."""
    return beginning.gap is None and asked.WhichOneof("resume") in (None, "last_acked")
