"""The guarded RPC: who calls is settled once, when the call opens."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import grpc
import structlog
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis.audit import denied
from chassis.auth import ACTION, Caller, DeniedError, UnauthenticatedError
from chassis.auth.guard import Allowed
from chassis.database import retryable

R = TypeVar("R", bound=Message)

logger = structlog.get_logger(__name__)

ServerContext = grpc.aio.ServicerContext[Any, Any]
Handler = Callable[[Any, Caller, Any, Any], AsyncIterator[Any]]


@dataclass(frozen=True, slots=True)
class RpcService:
    """A servicer with the function that adds it to a server, and its full name."""

    name: str
    servicer: Any
    add: Callable[[Any, Any], None]


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
            except (UnauthenticatedError, DeniedError) as error:
                code = (
                    code_pb2.PERMISSION_DENIED
                    if isinstance(error, DeniedError)
                    else code_pb2.UNAUTHENTICATED
                )
                await refuse(context, code, str(error), action)
            except ValueError as error:
                await refuse(context, code_pb2.INVALID_ARGUMENT, str(error), action)
            except Exception as error:
                if isinstance(error, grpc.RpcError | grpc.aio.AbortError):
                    raise
                if retryable(error):
                    await refuse(context, code_pb2.UNAVAILABLE, "try again", action)
                logger.exception("rpc.failed", action=action)
                await refuse(context, code_pb2.INTERNAL, "tell the operator", action)

        setattr(door, ACTION, Allowed(action, None))
        return door

    return wrap


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


async def refuse(context: ServerContext, code: int, detail: str, reason: str) -> NoReturn:
    """End the call with a status that carries `google.rpc.ErrorInfo`."""
    info = error_details_pb2.ErrorInfo(
        reason=reason.upper().replace(".", "_"), domain="shuniu"
    )
    status = status_pb2.Status(code=code, message=detail)
    status.details.add().Pack(info)
    await context.abort_with_status(rpc_status.to_status(status))
    raise AssertionError("abort does not return")
