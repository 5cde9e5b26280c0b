"""`Ack` and `Nack`: for a client whose stream is gone."""

from typing import Any

from google.rpc import code_pb2

from chassis.rpc import RefusedRpcError
from chassis.store import Store
from services.notifier.projections import mailbox_acks, mailbox_places
from services.notifier.projections.mailbox_reading import bounds
from services.notifier.rpc.metrics import PARKED
from services.notifier.rpc.opening import place_of, wrong
from services.notifier.rpc.taking import MOST_SEQUENCES, reason_of
from shuniu.notifier.v1 import alert_stream_pb2 as pb


async def ack(store: Store, subscriber: str, request: pb.AckRequest) -> pb.AckResponse:
    """Settle what *request* names. Raises `RefusedRpcError`."""
    place = await _checked(
        store, subscriber, request, [request.ack.up_to_sequence, *request.ack.sequences]
    )
    acked = await mailbox_acks.late(
        store.pool,
        subscriber,
        place,
        store.epoch,
        up_to=request.ack.up_to_sequence,
        sequences=request.ack.sequences,
    )
    return pb.AckResponse(acked_sequence=_found(acked))


async def nack(store: Store, subscriber: str, request: pb.NackRequest) -> pb.NackResponse:
    """Park or skip what *request* names; the next stream begins with what it is to retry."""
    said = request.nack
    if said.action not in (
        pb.NACK_ACTION_RETRY,
        pb.NACK_ACTION_PARK,
        pb.NACK_ACTION_SKIP,
    ):
        raise wrong("action is RETRY, PARK or SKIP", "action 须为重试、搁置或跳过。")
    place = await _checked(store, subscriber, request, said.sequences)
    parks = said.action == pb.NACK_ACTION_PARK
    acked = await mailbox_acks.late(
        store.pool,
        subscriber,
        place,
        store.epoch,
        sequences=[] if said.action == pb.NACK_ACTION_RETRY else said.sequences,
        state="parked" if parks else "settled",
        reason=reason_of(said),
    )
    if parks:
        PARKED.inc(len(said.sequences))
    return pb.NackResponse(acked_sequence=_found(acked))


async def _checked(store: Store, subscriber: str, request: Any, named: Any) -> str:
    """Return the request's place. Raises `RefusedRpcError`."""
    if len(named) > MOST_SEQUENCES + 1:
        raise wrong(
            f"at most {MOST_SEQUENCES} sequences at once",
            f"一次至多{MOST_SEQUENCES}个序号。",
        )
    place = place_of(request.device_id, request.ack_scope)
    if request.epoch != store.epoch:
        raise _elsewhere()
    head, _ = await bounds(store.pool, subscriber)
    if max(named, default=0) > head:
        raise wrong(
            f"the mailbox ends at {head}", f"信箱末尾为{head}。", code_pb2.OUT_OF_RANGE
        )
    found = await mailbox_places.load(store.pool, subscriber, place)
    if found is not None and len(found.settled) > MOST_SEQUENCES * 4:
        raise wrong(
            "too many are acknowledged out of order: open a stream",
            "乱序确认过多，请打开订阅。",
            code_pb2.RESOURCE_EXHAUSTED,
        )
    return place


def _found(acked: int | None) -> int:
    if acked is None:
        raise _elsewhere()
    return acked


def _elsewhere() -> RefusedRpcError:
    return wrong(
        "no stream of this device and epoch was ever opened",
        "该设备未在此信箱打开过订阅。",
        code_pb2.FAILED_PRECONDITION,
    )
