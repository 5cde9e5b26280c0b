"""The frames that a client sends, and the terms that they are made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from google.protobuf.duration_pb2 import Duration

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu_client.ledger import AT_ONCE, Ledger, Return, Way
from shuniu_client.place import Cursor

VERSION = "shuniu-client-python/0.1.0"
RETRY_AT_MOST = 600.0
REASON_AT_MOST = 200

ACTIONS = {
    Way.RETRY: pb.NACK_ACTION_RETRY,
    Way.PARK: pb.NACK_ACTION_PARK,
    Way.SKIP: pb.NACK_ACTION_SKIP,
}


def span(seconds: float) -> Duration:
    """Return *seconds* as a message."""
    duration = Duration()
    duration.FromNanoseconds(int(seconds * 1_000_000_000))
    return duration


class Begin(Enum):
    """Where a client begins that has no place yet."""

    LAST_ACKED = (
        auto()
    )  # behind what this device acknowledged; at first, with the oldest kept
    NOW = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long a client waits for what, in seconds."""

    ack_deadline: float = 30.0  # unacknowledged for so long, an alert is sent again
    progress_interval: float = 15.0  # three without a frame, and the line counts as dead
    probe_timeout: float = 10.0
    open_timeout: float = 15.0
    longest_in_hand: float = 600.0
    ack_delay: float = 0.2  # acknowledgements are collected for so long, or until
    ack_batch: int = 50  # there are so many


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What a client asks of its stream."""

    device_id: str
    begin: Begin | datetime
    filter: pb.AlertFilter | None
    shared: bool
    max_in_flight: int
    patience: Patience

    @property
    def scope(self) -> pb.AckScope.ValueType:
        """Whose acknowledgements count."""
        return pb.ACK_SCOPE_SUBSCRIBER if self.shared else pb.ACK_SCOPE_DEVICE

    def opening(self, cursor: Cursor | None) -> pb.SubscribeRequest:
        """Return the first frame, for a stream behind *cursor*."""
        wanted = pb.SubscribeOpen(
            device_id=self.device_id,
            ack_scope=self.scope,
            ack_mode=pb.ACK_MODE_CUMULATIVE,
            filter=self.filter,
            max_in_flight=self.max_in_flight,
            ack_deadline=span(self.patience.ack_deadline),
            progress_interval=span(self.patience.progress_interval),
            client_version=VERSION,
        )
        if cursor is not None:
            wanted.cursor.epoch, wanted.cursor.sequence = cursor.epoch, cursor.sequence
        elif self.begin is Begin.LAST_ACKED:
            wanted.last_acked = True
        elif self.begin is Begin.NOW:
            wanted.now = True
        else:
            wanted.since_time.FromDatetime(self.begin)
        return pb.SubscribeRequest(open=wanted)

    def begins(self, opened: pb.SubscribeOpened) -> int:
        """Return behind what a stream without a cursor begins."""
        if self.begin is Begin.LAST_ACKED:
            return opened.acked_sequence
        return opened.head_sequence if self.begin is Begin.NOW else 0


def acks(ledger: Ledger) -> Iterator[pb.SubscribeAck]:
    """Yield what there is to acknowledge; the ledger takes it as told."""
    for up_to, sequences in ledger.acknowledge():
        yield pb.SubscribeAck(up_to_sequence=up_to, sequences=sequences)


def nacks(ledger: Ledger, stream: int, *, last: bool = False) -> Iterator[pb.SubscribeNack]:
    """Yield what goes back; the ledger takes it as told. *last* is `Ledger.returning`'s."""
    alike: dict[Return, list[int]] = {}
    for sequence, back in ledger.returning(stream, last=last):
        alike.setdefault(back, []).append(sequence)
    for back, sequences in alike.items():
        after = min(max(back.after, 0.0), RETRY_AT_MOST)
        yield pb.SubscribeNack(
            sequences=sequences,
            action=ACTIONS[back.way],
            retry_after=span(after) if after else None,
            reason=back.reason[:REASON_AT_MOST],
        )


def returned(ledger: Ledger, stream: int) -> Iterator[pb.SubscribeRequest]:
    """Yield the frames that give back; the ledger takes them as told."""
    return (pb.SubscribeRequest(nack=nack) for nack in nacks(ledger, stream))


def acknowledged(ledger: Ledger) -> Iterator[pb.SubscribeRequest]:
    """Yield the frames that acknowledge; the ledger takes them as told."""
    return (pb.SubscribeRequest(ack=ack) for ack in acks(ledger))


def extending(sequences: Sequence[int], seconds: float) -> pb.SubscribeRequest:
    """Return the frame that keeps *sequences* with this client."""
    kept = pb.SubscribeExtend(sequences=sequences[:AT_ONCE], lease=span(seconds))
    return pb.SubscribeRequest(extend=kept)
