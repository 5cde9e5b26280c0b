"""What a client's frame does to its stream's window; what is wrong is rejected, one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.notifier.domain.window import AheadError, NotInFlightError, Window
from services.notifier.rpc.limits import Limits
from services.notifier.rpc.opening import Terms, seconds
from shuniu.notifier.v1 import alert_stream_pb2 as pb

MOST_SEQUENCES = 1_024
LONGEST_REASON = 200

SAYS = {
    pb.REJECTION_CODE_AHEAD_OF_SENT: ("该序号尚未发送。", "it has not been sent yet"),
    pb.REJECTION_CODE_NOT_IN_FLIGHT: (
        "该提醒不在待确认之列。",
        "it is not unacknowledged on this stream",
    ),
    pb.REJECTION_CODE_WRONG_MODE: (
        "本连接的确认方式不接受此操作。",
        "the stream's ack mode does not take this",
    ),
    pb.REJECTION_CODE_MALFORMED: (
        "内容不完整或超出限制。",
        "it is incomplete, too large or out of bounds",
    ),
}


def rejected(code: pb.RejectionCode.ValueType, sequence: int = 0) -> pb.SubscribeResponse:
    """Return the frame that rejects a sequence, or a whole frame."""
    zh, en = SAYS[code]
    return pb.SubscribeResponse(
        rejected=pb.SubscribeRejected(
            sequence=sequence, code=code, detail_zh=zh, detail_en=en
        )
    )


@dataclass(slots=True)
class Taken:
    """What a frame did: rejections, and what was given up on, with its attempts."""

    rejected: list[pb.SubscribeResponse] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    parked: list[tuple[int, int, str]] = field(default_factory=list)


class Taking:
    """Applies the frames of one stream."""

    def __init__(self, window: Window, terms: Terms, limits: Limits) -> None:
        self._window = window
        self._terms = terms
        self._limits = limits

    def take(self, frame: pb.SubscribeRequest, now: float) -> Taken:
        """Apply one frame that is neither `open` nor `probe`."""
        taken = Taken()
        kind = frame.WhichOneof("kind")
        if kind == "credit":
            self._credit(frame.credit, taken)
        elif self._terms.mode == pb.ACK_MODE_NONE:
            taken.rejected.append(rejected(pb.REJECTION_CODE_WRONG_MODE))
        elif kind == "ack":
            self._ack(frame.ack, now, taken)
        elif kind == "nack":
            self._nack(frame.nack, now, taken)
        elif kind == "extend":
            self._extend(frame.extend, now, taken)
        else:
            taken.rejected.append(rejected(pb.REJECTION_CODE_MALFORMED))
        return taken

    def _credit(self, credit: pb.SubscribeCredit, taken: Taken) -> None:
        if credit.messages > self._limits.messages.most or (
            credit.bytes > self._limits.bytes.most
        ):
            taken.rejected.append(rejected(pb.REJECTION_CODE_MALFORMED))
            return
        if credit.HasField("messages"):
            self._window.messages = credit.messages
        if credit.HasField("bytes"):
            self._window.bytes = credit.bytes

    def _ack(self, ack: pb.SubscribeAck, now: float, taken: Taken) -> None:
        if ack.up_to_sequence and self._terms.mode == pb.ACK_MODE_PER_ALERT:
            taken.rejected.append(
                rejected(pb.REJECTION_CODE_WRONG_MODE, ack.up_to_sequence)
            )
        elif ack.up_to_sequence:
            try:
                self._window.ack_up_to(ack.up_to_sequence, now)
            except AheadError:
                code = pb.REJECTION_CODE_AHEAD_OF_SENT
                taken.rejected.append(rejected(code, ack.up_to_sequence))
        for sequence in _bounded(ack.sequences, taken):
            try:
                self._window.ack(sequence, now)
            except AheadError:
                code = pb.REJECTION_CODE_AHEAD_OF_SENT
                taken.rejected.append(rejected(code, sequence))
            else:
                taken.settled.append(sequence)

    def _nack(self, nack: pb.SubscribeNack, now: float, taken: Taken) -> None:
        after = seconds(nack.retry_after)
        known = nack.action in (
            pb.NACK_ACTION_RETRY,
            pb.NACK_ACTION_PARK,
            pb.NACK_ACTION_SKIP,
        )
        if not known or not 0 <= after <= self._limits.lease.most:
            taken.rejected.append(rejected(pb.REJECTION_CODE_MALFORMED))
            return
        reason = reason_of(nack)
        for sequence in _bounded(nack.sequences, taken):
            try:
                parks = nack.action == pb.NACK_ACTION_PARK
                if nack.action == pb.NACK_ACTION_RETRY:
                    parks = not self._window.retry(sequence, now + after, now)
                elif nack.action == pb.NACK_ACTION_SKIP:
                    self._window.give_up(sequence, now)
                    taken.settled.append(sequence)
                if parks:
                    attempt = self._window.give_up(sequence, now)
                    taken.parked.append((sequence, attempt, reason))
            except NotInFlightError:
                code = pb.REJECTION_CODE_NOT_IN_FLIGHT
                taken.rejected.append(rejected(code, sequence))

    def _extend(self, extend: pb.SubscribeExtend, now: float, taken: Taken) -> None:
        lease, bounds = seconds(extend.lease), self._limits.lease
        if not bounds.least <= lease <= bounds.most:
            taken.rejected.append(rejected(pb.REJECTION_CODE_MALFORMED))
            return
        for sequence in _bounded(extend.sequences, taken):
            try:
                self._window.extend(sequence, now + lease, now)
            except NotInFlightError:
                code = pb.REJECTION_CODE_NOT_IN_FLIGHT
                taken.rejected.append(rejected(code, sequence))


def reason_of(nack: pb.SubscribeNack) -> str:
    """Return why an alert was not handled, as it can be stored."""
    return nack.reason[:LONGEST_REASON].replace("\0", "")


def _bounded(sequences: Sequence[int], taken: Taken) -> Iterator[int]:
    if len(sequences) > MOST_SEQUENCES:
        taken.rejected.append(rejected(pb.REJECTION_CODE_MALFORMED))
        return
    yield from sequences
