"""What a stream asks for when it opens, within bounds, and where in the mailbox it begins."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.rpc import code_pb2

from chassis.rpc import RefusedRpcError
from services.notifier.projections.mailbox import Delivered
from services.notifier.projections.mailbox_places import SHARED, Place
from services.notifier.rpc.limits import Limits
from services.notifier.rpc.snapshots import Gap
from shuniu.notifier.v1 import alert_stream_pb2 as pb

DEVICE = re.compile(r"[A-Za-z0-9._-]{1,64}")
MOST_CHOICES, LONGEST_CHOICE, LONGEST_VERSION = 50, 100, 100
SEVERITIES = ("", "reminder", "notice", "warning", "critical")


def wrong(en: str, zh: str, code: int = code_pb2.INVALID_ARGUMENT) -> RefusedRpcError:
    """Return the refusal of a request that is wrong."""
    return RefusedRpcError(code, "alerts.request", en, zh)


def device_of(device_id: str) -> str:
    """Return a device's id. Raises `RefusedRpcError`."""
    if not DEVICE.fullmatch(device_id):
        raise wrong(
            "device_id is 1 to 64 letters, digits, `.`, `_` and `-`",
            "device_id 须为1至64位字母、数字、点、下划线或连字符。",
        )
    return device_id


def place_of(device_id: str, scope: int) -> str:
    """Return the place at which a device's acknowledgements count."""
    return SHARED if scope == pb.ACK_SCOPE_SUBSCRIBER else device_of(device_id)


def seconds(duration: Any) -> float:
    """Return a duration in seconds, whatever its size."""
    return float(duration.seconds + duration.nanos / 1e9)


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What is granted to a stream."""

    device: str
    place: str
    mode: int
    chosen: pb.AlertFilter
    messages: int
    bytes: int
    deadline: float
    progress: float
    batch: int
    version: str

    def chooses(self, delivered: Delivered) -> bool:
        """Say whether the client wants this alert."""
        alert, chosen = delivered.alert, self.chosen
        if SEVERITIES.index(alert.severity) < chosen.min_severity:
            return False
        if chosen.kinds and not any(_is(alert.kind, kind) for kind in chosen.kinds):
            return False
        item = f"{alert.entity_type}/{alert.entity_id}"
        return not chosen.entity_prefixes or item.startswith(tuple(chosen.entity_prefixes))


def _is(kind: str, chosen: str) -> bool:
    return kind.startswith(chosen[:-1]) if chosen.endswith(".*") else kind == chosen


def terms_of(asked: pb.SubscribeOpen, limits: Limits) -> Terms:
    """Return what is granted of what is *asked*. Raises `RefusedRpcError`."""
    choices = [*asked.filter.kinds, *asked.filter.entity_prefixes]
    most = max(len(asked.filter.kinds), len(asked.filter.entity_prefixes))
    if most > MOST_CHOICES or any(len(c) > LONGEST_CHOICE for c in choices):
        raise wrong(
            f"a filter has at most {MOST_CHOICES} entries of {LONGEST_CHOICE} characters",
            f"过滤条件每项至多{MOST_CHOICES}条，每条至多{LONGEST_CHOICE}字。",
        )
    known = (
        asked.ack_scope in pb.AckScope.values()
        and asked.ack_mode in pb.AckMode.values()
        and asked.filter.min_severity in pb.Severity.values()
    )
    if not known:
        raise wrong(
            "ack_scope, ack_mode or min_severity is unknown", "确认方式或级别无法识别。"
        )
    place = place_of(asked.device_id, asked.ack_scope)
    acknowledges = asked.ack_mode != pb.ACK_MODE_NONE
    if place == SHARED and acknowledges and asked.filter != pb.AlertFilter():
        raise wrong(  # what one passed over would count as acknowledged for the others
            "a filter needs acknowledgements of the device's own: ack_scope DEVICE",
            "使用筛选条件时须按设备确认（ack_scope DEVICE）。",
        )
    return Terms(
        device=device_of(asked.device_id),
        place=place,
        mode=asked.ack_mode or pb.ACK_MODE_CUMULATIVE,
        chosen=asked.filter,
        messages=int(limits.messages.grant(asked.max_in_flight)),
        bytes=int(limits.bytes.grant(asked.max_in_flight_bytes)),
        deadline=limits.ack_deadline.grant(seconds(asked.ack_deadline)),
        progress=limits.progress.grant(seconds(asked.progress_interval)),
        batch=int(limits.batch.grant(asked.max_batch)),
        version=asked.client_version[:LONGEST_VERSION].replace("\0", ""),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """Where a stream begins: behind *after*, with the gap where there is one."""

    after: int
    outcome: pb.SubscribeOutcome.ValueType
    head: int
    oldest: int
    gap: Gap | None = None


async def begin(
    asked: pb.SubscribeOpen,
    place: Place,
    epoch: str,
    bounds: tuple[int, int],
    before: Callable[[datetime], Awaitable[int | None]],
) -> Beginning:
    """Find where the stream begins; where something is missing, behind a gap up to the head.

    *bounds* are the mailbox's; *before* finds the sequence before a moment.
    """
    head, oldest = bounds[0], bounds[1] or bounds[0] + 1
    after, of = place.acked, place.epoch
    outcome = pb.SUBSCRIBE_OUTCOME_RESUMED
    match asked.WhichOneof("resume"):
        case "cursor":
            after, of = asked.cursor.sequence, asked.cursor.epoch
        case "now":
            after, of, outcome = head, epoch, pb.SUBSCRIBE_OUTCOME_FROM_NOW
        case "since_time":
            found = await before(_since(asked))
            of, after = epoch, (0 if oldest > 1 else oldest - 1) if found is None else found
        case _:
            pass
    if of != epoch:
        gap = Gap(epoch, 1, head, pb.GAP_REASON_EPOCH) if head else None
        outcome = pb.SUBSCRIBE_OUTCOME_NEW_EPOCH
        after = 0 if gap else head
        return Beginning(after=after, outcome=outcome, head=head, oldest=oldest, gap=gap)
    if after > head:
        raise wrong(
            f"sequence {after} is ahead of the mailbox, which ends at {head}",
            f"序号{after}超出信箱末尾{head}。",
            code_pb2.OUT_OF_RANGE,
        )
    if after + 1 < oldest and after < head:
        gap = Gap(epoch, after + 1, head, pb.GAP_REASON_RETENTION)
        outcome = pb.SUBSCRIBE_OUTCOME_GAP
        return Beginning(after=after, outcome=outcome, head=head, oldest=oldest, gap=gap)
    if after == head and outcome == pb.SUBSCRIBE_OUTCOME_RESUMED:
        outcome = pb.SUBSCRIBE_OUTCOME_NOTHING_MISSED
    return Beginning(after=after, outcome=outcome, head=head, oldest=oldest)


def _since(asked: pb.SubscribeOpen) -> datetime:
    try:
        return asked.since_time.ToDatetime(UTC)
    except (ValueError, OverflowError) as error:
        raise wrong("since_time is no time", "since_time 不是有效时间。") from error
