"""Malformed gRPC calls: noise for a message, methods that are not there, bytes that are no HTTP/2."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import grpc

SERVICES = ("shuniu.notifier.v1.AlertStream", "shuniu.notifier.v1.Inbox")
METHODS = ("Tail", "Subscribe", "Ack", "Nack", "Snapshot", "Nothing", "")
CALL_SECONDS = 5.0
OURS = frozenset(
    {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS}
)
"""What a status says is a fault of ours, whatever was sent."""

Metadata = Sequence[tuple[str, str | bytes]]


def _metadata(chance: Random, token: str) -> Metadata:
    return chance.choice(
        (
            (("authorization", token),),
            (("authorization", token),),
            (("authorization", "Bearer " + "a" * 5_000),),
            (("authorization", "x"), ("traceparent", "zz")),
            (),
            (("x-bin", chance.randbytes(100)),),
        )
    )


@dataclass(frozen=True, slots=True)
class WrongCall:
    """One call that nobody should make."""

    path: str
    message: bytes
    metadata: Metadata
    alone: bool


def wrong_call(chance: Random, token: str) -> WrongCall:
    """Draw a malformed call."""
    return WrongCall(
        path=f"/{chance.choice(SERVICES)}/{chance.choice(METHODS)}",
        message=b"\xff" + chance.randbytes(chance.choice((0, 3, 50, 3_000, 300_000))),
        metadata=_metadata(chance, token),
        alone=chance.random() < 0.5,
    )


def made(call: WrongCall, channel: grpc.Channel) -> tuple[grpc.StatusCode, str]:
    """Make *call*; return how it ended.

    Not by grpc's asynchronous client: where a call ends while it still writes, that one says
    INTERNAL in place of what the server said (grpc/grpc, issue 36066).
    """
    known: Any = {"metadata": call.metadata, "timeout": CALL_SECONDS}
    try:
        if call.alone:
            unary: Any = channel.unary_stream(call.path)
            next(unary(call.message, **known), None)
        else:
            stream: Any = channel.stream_stream(call.path)
            next(stream(iter([call.message]), **known), None)
    except grpc.RpcError as error:
        ended: Any = error
        return ended.code(), ended.details() or ""
    return grpc.StatusCode.OK, ""
