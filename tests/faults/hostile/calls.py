"""Malformed gRPC calls: noise for a message, methods that are not there, bytes that are no HTTP/2."""

import asyncio
from collections.abc import Sequence
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

RESET = "RST_STREAM"

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


async def wrong_call(
    chance: Random, channel: grpc.aio.Channel, token: str
) -> grpc.StatusCode | None:
    """Make one malformed call; return the status it ended with, None where it did not end."""
    path = f"/{chance.choice(SERVICES)}/{chance.choice(METHODS)}"
    message = b"\xff" + chance.randbytes(chance.choice((0, 3, 50, 3_000, 300_000)))
    metadata: Any = _metadata(chance, token)
    try:
        async with asyncio.timeout(CALL_SECONDS):
            if chance.random() < 0.5:
                unary: Any = channel.unary_stream(path)
                await unary(message, metadata=metadata).read()
            else:
                stream: Any = channel.stream_stream(path)
                await stream(iter([message]), metadata=metadata).read()
    except grpc.aio.AioRpcError as error:
        if error.code() is grpc.StatusCode.INTERNAL and RESET in (error.details() or ""):
            return grpc.StatusCode.UNIMPLEMENTED  # HTTP/2 itself refused it, not we
        return error.code()
    except TimeoutError:
        return None
    return grpc.StatusCode.OK
