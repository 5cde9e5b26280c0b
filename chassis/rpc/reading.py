"""Reading what callers send: noise instead of a message is their fault, and is said to be.

gRPC itself would call it a fault of ours, with a stack trace in the log.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from google.rpc import code_pb2

from chassis.rpc.doors import refuse

EN, ZH = "the request is no message of this method", "请求不是该方法的消息。"

Handler = Any  # grpc's own has no type that can be said
Continuation = Callable[[grpc.HandlerCallDetails], Awaitable[Handler]]


class Unreadable:
    """Stands for a request that is no message."""


class Reading(grpc.aio.ServerInterceptor):
    """Refuses what cannot be read, INVALID_ARGUMENT; in a stream it is an empty frame."""

    async def intercept_service(
        self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> Handler:
        """Return the handler of a call, which reads with care."""
        handler = await continuation(handler_call_details)
        if handler is None or handler.request_deserializer is None:
            return handler
        read = handler.request_deserializer
        if handler.request_streaming:
            empty = read(b"")
            return handler._replace(request_deserializer=_careful(read, empty))
        careful = handler._replace(request_deserializer=_careful(read, Unreadable()))
        if handler.response_streaming:
            return careful._replace(unary_stream=_streaming(handler.unary_stream))
        return careful._replace(unary_unary=_answering(handler.unary_unary))


def _careful(read: Callable[[bytes], Any], instead: Any) -> Callable[[bytes], Any]:
    def reading(sent: bytes) -> Any:
        try:
            return read(sent)
        except DecodeError:
            return instead

    return reading


def _streaming(work: Any) -> Any:
    async def streaming(request: Any, context: Any) -> Any:
        if isinstance(request, Unreadable):
            await refuse(context, code_pb2.INVALID_ARGUMENT, EN, "unreadable", zh=ZH)
        async for response in work(request, context):
            yield response

    return streaming


def _answering(work: Any) -> Any:
    async def answering(request: Any, context: Any) -> Any:
        if isinstance(request, Unreadable):
            await refuse(context, code_pb2.INVALID_ARGUMENT, EN, "unreadable", zh=ZH)
        return await work(request, context)

    return answering
