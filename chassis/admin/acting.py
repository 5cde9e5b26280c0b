"""The admin routes that change how the service runs. Each is recorded before it is done."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import text

from chassis.admin.firing import fire_now
from chassis.admin.showing import (
    ConsumerName,
    FollowerName,
    ParkedId,
    PartitionNumber,
    RecordValue,
    Rung,
    reason,
)
from chassis.audit import acted
from chassis.auth import allows
from chassis.domain import UnknownItemError
from chassis.http.bodies import Body, Short
from chassis.http.doors import Commanded, Door
from chassis.parked import NothingParkedError, Parked, Waiting
from chassis.parts import Given, Parts
from chassis.reactions import NAME as REACTIONS

_PAUSE = text("update feed.follower set paused = :paused where name = :name returning name")
_REWIND = text("update feed.checkpoint set position = 0 where name = :name returning name")
_HOLD = text(
    "update feed.consumer_offset set paused = :paused "
    "where consumer = :consumer and topic = :topic and partition = :partition returning topic"
)
_RESTART = text(
    "update feed.consumer_offset set gap = null, last_id = null, next = :first "
    "where consumer = :consumer and topic = :topic and partition = :partition "
    "and gap is not null returning topic"
)
_CANCEL = text(
    "delete from feed.timer where stream_id = :stream and name = :name and rung = :rung "
    "returning name"
)


class Replacement(Body):
    """A record's value to use instead, in Base64."""

    value: RecordValue


class TimerName(Body):
    """Which timer."""

    stream: Short
    name: Short
    rung: Rung = ""


class Partition(Body):
    """Which partition of a topic."""

    topic: Short
    partition: PartitionNumber


async def _one(parts: Parts, statement: Any, **given: Any) -> None:
    async with parts.engine.begin() as connection:
        if (await connection.execute(statement, given)).first() is None:
            raise UnknownItemError


async def _recorded(door: Door, parts: Parts, action: str, item: str) -> None:
    cause = await door.cause()
    await acted(parts.store, door.caller, cause, action=action, item=item)


def acting_routes(router: APIRouter, patient: APIRouter) -> None:  # noqa: C901, PLR0915 (it only lists the routes)
    """Add the routes: to *patient* those that may take a while."""

    @router.post("/followers/{name}/pause", status_code=204)
    @allows("admin.act")
    async def pause(name: FollowerName, door: Commanded, parts: Given) -> Response:
        """Let a follower stand still until it is resumed, across restarts."""
        await _recorded(door, parts, "follower.pause", name)
        await _one(parts, _PAUSE, name=name, paused=True)
        return Response(status_code=204)

    @router.post("/followers/{name}/resumption", status_code=204)
    @allows("admin.act")
    async def resume(name: FollowerName, door: Commanded, parts: Given) -> Response:
        """Let a paused follower go on."""
        await _recorded(door, parts, "follower.resume", name)
        await _one(parts, _PAUSE, name=name, paused=False)
        return Response(status_code=204)

    @router.post("/relay/rewind", status_code=204)
    @allows("admin.act")
    async def rewind(door: Commanded, parts: Given) -> Response:
        """Publish everything once more: only to refill a topic that was lost, and is empty."""
        await _recorded(door, parts, "relay.rewind", "relay")
        await _one(parts, _REWIND, name="relay")
        return Response(status_code=204)

    @router.post("/projections/{name}/rebuild", status_code=202)
    @allows("admin.act")
    async def rebuild(
        name: FollowerName, door: Commanded, parts: Given, request: Request
    ) -> dict[str, bool]:
        """Build a read model anew beside the old one, then swap. `lag` shows the progress."""
        if name not in parts.views.projections:
            raise UnknownItemError
        await _recorded(door, parts, "projection.rebuild", name)
        return {"started": await request.app.state.running.rebuild(name)}

    @patient.post("/parked/{parked_id}/retry")
    @allows("admin.act")
    async def retry(
        parked_id: ParkedId,
        door: Commanded,
        parts: Given,
        request: Request,
        consumer: ConsumerName,
    ) -> dict[str, Any]:
        """Handle a parked record and what waits behind it."""
        await _recorded(door, parts, "parked.retry", f"{consumer}/{parked_id}")
        running = request.app.state.running

        async def handle(waiting: Waiting) -> None:
            if consumer == REACTIONS:
                await running.react(waiting)
            else:
                await running.consumer.handle_parked(waiting)

        try:
            done = await Parked(parts.store.pool, consumer).retry(parked_id, handle)
        except NothingParkedError:
            raise
        except Exception as error:  # noqa: BLE001 why it fails is what the operator asks
            return {"handled": None, "error": reason(f"{type(error).__name__}: {error}")}
        return {"handled": done, "error": None}

    @router.put("/parked/{parked_id}/value", status_code=204)
    @allows("admin.act")
    async def edit(
        parked_id: ParkedId,
        body: Replacement,
        door: Commanded,
        parts: Given,
        consumer: ConsumerName,
    ) -> Response:
        """Replace a parked record's value before a retry."""
        await _recorded(door, parts, "parked.edit", f"{consumer}/{parked_id}")
        await Parked(parts.store.pool, consumer).edit(parked_id, body.value)
        return Response(status_code=204)

    @router.delete("/parked/{parked_id}", status_code=204)
    @allows("admin.act")
    async def skip(
        parked_id: ParkedId,
        door: Commanded,
        parts: Given,
        consumer: ConsumerName,
    ) -> Response:
        """Drop a parked record for good."""
        await _recorded(door, parts, "parked.skip", f"{consumer}/{parked_id}")
        await Parked(parts.store.pool, consumer).skip(parked_id)
        return Response(status_code=204)

    @patient.post("/consumers/pause", status_code=204)
    @allows("admin.act")
    async def hold(
        body: Partition, door: Commanded, parts: Given, request: Request
    ) -> Response:
        """Let one partition stand still, across restarts and reassignments."""
        await _partition(body, door, parts, request, _HOLD, "consumer.pause", paused=True)
        return Response(status_code=204)

    @patient.post("/consumers/resumption", status_code=204)
    @allows("admin.act")
    async def go_on(
        body: Partition, door: Commanded, parts: Given, request: Request
    ) -> Response:
        """Let a paused partition go on."""
        await _partition(body, door, parts, request, _HOLD, "consumer.resume", paused=False)
        return Response(status_code=204)

    @patient.post("/consumers/gap-resolution", status_code=204)
    @allows("admin.act")
    async def resolve(
        body: Partition, door: Commanded, parts: Given, request: Request
    ) -> Response:
        """Read a partition that stopped as `gap` from its beginning: repeats are dropped."""
        consumer = request.app.state.running.consumer
        first = await consumer.begins((body.topic, body.partition)) if consumer else 0
        await _partition(
            body, door, parts, request, _RESTART, "consumer.resolve", first=first
        )
        return Response(status_code=204)

    @patient.post("/timers/firing", status_code=204)
    @allows("admin.act")
    async def fire(
        body: TimerName, door: Commanded, parts: Given, request: Request
    ) -> Response:
        """Fire a timer now instead of when it is due."""
        await _recorded(door, parts, "timer.fire", f"{body.stream}/{body.name}/{body.rung}")
        firing = request.app.state.running.service.firing(parts)
        await fire_now(parts, firing, (body.stream, body.name, body.rung), door.now)
        return Response(status_code=204)

    @router.post("/timers/cancellation", status_code=204)
    @allows("admin.act")
    async def cancel(body: TimerName, door: Commanded, parts: Given) -> Response:
        """Take a timer back for good."""
        await _recorded(
            door, parts, "timer.cancel", f"{body.stream}/{body.name}/{body.rung}"
        )
        await _one(parts, _CANCEL, stream=body.stream, name=body.name, rung=body.rung)
        return Response(status_code=204)


async def _partition(  # noqa: PLR0917 (a route's givens)
    body: Partition,
    door: Door,
    parts: Parts,
    request: Request,
    statement: Any,
    action: str,
    **given: Any,
) -> None:
    consumer = request.app.state.running.consumer
    if consumer is None:
        raise UnknownItemError
    await _recorded(door, parts, action, f"{body.topic}/{body.partition}")
    place = {"topic": body.topic, "partition": body.partition}
    await _one(parts, statement, consumer=consumer.name, **place, **given)
    await consumer.resumed()
