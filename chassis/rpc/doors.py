"""The guarded RPC: who calls is settled once, when the call opens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import grpc
import structlog
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis.audit import denied
from chassis.auth import ACTION, Caller, DeniedError, UnauthenticatedError
from chassis.auth.guard import Allowed
from chassis.database import retryable

logger = structlog.get_logger(__name__)

ABORT_SECONDS = 5.0  # a peer that is stuck would hold the refusal for ever

ServerContext = grpc.aio.ServicerContext[Any, Any]
Handler = Callable[[Any, Caller, Any, Any], AsyncIterator[Any]]
Answer = Callable[[Any, Caller, Any, Any], Awaitable[Any]]


async def _nothing() -> None:
    """Have nothing to end."""


@dataclass(frozen=True, slots=True)
class RpcService:
    """A servicer with the function that adds it to a server, and its full name.

    *drain* ends its streams in good manner, before the server stops.
    """

    name: str
    servicer: Any
    add: Callable[[Any, Any], None]
    drain: Callable[[], Awaitable[None]] = _nothing


class RefusedRpcError(Exception):
    """The call cannot be served: its status, why in both languages, and when to try again."""

    def __init__(
        self, code: int, reason: str, en: str, zh: str, retry_after: float | None = None
    ) -> None:
        super().__init__(en)
        self.code = code
        self.reason = reason
        self.zh = zh
        self.retry_after = retry_after


def guarded(action: str) -> Callable[[Handler], Callable[..., AsyncIterator[Any]]]:
    """Guard a server-streaming RPC: its handler gets the caller beside request and context.

    The servicer gives `parts`, the service's parts.
    """

    def wrap(handler: Handler) -> Callable[..., AsyncIterator[Any]]:
        async def door(
            self: Any, request: Any, context: ServerContext
        ) -> AsyncIterator[Any]:
            try:
                caller = await _caller(self.parts, action, context)
                async for response in handler(self, caller, request, context):
                    yield response
            except Exception as error:  # noqa: BLE001 each has its status
                await _refused(context, error, action)

        setattr(door, ACTION, Allowed(action, None))
        return door

    return wrap


def guarded_call(action: str) -> Callable[[Answer], Any]:
    """Guard an RPC whose handler is awaited: a unary one, or one that reads and writes itself."""

    def wrap(handler: Answer) -> Any:
        async def door(self: Any, request: Any, context: ServerContext) -> Any:
            try:
                caller = await _caller(self.parts, action, context)
                return await handler(self, caller, request, context)
            except Exception as error:  # noqa: BLE001 each has its status
                await _refused(context, error, action)

        setattr(door, ACTION, Allowed(action, None))
        return door

    return wrap


async def _refused(context: ServerContext, error: Exception, action: str) -> NoReturn:
    if isinstance(error, grpc.RpcError | grpc.aio.AbortError):
        raise error
    if isinstance(error, UnauthenticatedError):
        await refuse(context, code_pb2.UNAUTHENTICATED, str(error), action, zh=error.zh)
    if isinstance(error, DeniedError):
        await refuse(context, code_pb2.PERMISSION_DENIED, str(error), action)
    if isinstance(error, RefusedRpcError):
        await refuse(
            context,
            error.code,
            str(error),
            error.reason,
            zh=error.zh,
            retry_after=error.retry_after,
        )
    if isinstance(error, ValueError) and not retryable(error):
        await refuse(context, code_pb2.INVALID_ARGUMENT, str(error), action)
    if retryable(error):
        await refuse(context, code_pb2.UNAVAILABLE, "try again", action)
    logger.error("rpc.failed", action=action, exc_info=error)
    await refuse(context, code_pb2.INTERNAL, "tell the operator", action)


async def _caller(parts: Any, action: str, context: ServerContext) -> Caller:
    metadata = dict(context.invocation_metadata() or ())
    caller: Caller = await parts.verifier.caller(metadata.get("authorization"))
    try:
        parts.guard.check(caller, action)
    except DeniedError as error:
        now = await parts.clock.now()
        await denied(
            parts.store, caller, now, action=action, item="none", policy=error.policy
        )
        raise
    return caller


async def refuse(
    context: ServerContext,
    code: int,
    detail: str,
    reason: str,
    *,
    zh: str = "",
    retry_after: float | None = None,
) -> NoReturn:
    """End the call with a status that carries `google.rpc.ErrorInfo`, and what else is given."""
    info = error_details_pb2.ErrorInfo(
        reason=reason.upper().replace(".", "_"), domain="shuniu"
    )
    status = status_pb2.Status(code=code, message=detail)
    status.details.add().Pack(info)
    if zh:
        chinese = error_details_pb2.LocalizedMessage(locale="zh-CN", message=zh)
        status.details.add().Pack(chinese)
    if retry_after is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(int(retry_after * 1000))
        status.details.add().Pack(retry)
    async with asyncio.timeout(ABORT_SECONDS):
        await context.abort_with_status(rpc_status.to_status(status))
    raise AssertionError("abort does not return")
