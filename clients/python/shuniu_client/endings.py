"""Why a stream ended: in the words of the server, or in our own."""

from dataclasses import dataclass

from shuniu.notifier.v1 import alert_stream_pb2 as pb

REASON = "GO_AWAY_REASON_"


@dataclass(frozen=True, slots=True)
class End:
    """Why a stream ended, how long the server asks to wait, and whether the line is dead."""

    why: str
    asked: float = 0.0
    dead: bool = False
    replaced: bool = False


def leaving(frame: pb.SubscribeGoAway) -> End:
    """Return the end that the server announces."""
    return End(
        pb.GoAwayReason.Name(frame.reason).removeprefix(REASON),
        asked=max(0.0, frame.retry_after.ToTimedelta().total_seconds()),
        replaced=frame.reason == pb.GO_AWAY_REASON_REPLACED,
    )
