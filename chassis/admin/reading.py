"""The admin routes that only look."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from google.protobuf.json_format import MessageToDict

from chassis.admin.lag import Lag, lag
from chassis.admin.showing import ConsumerName, StreamId, reason
from chassis.auth import allows
from chassis.chain import story
from chassis.http.doors import Asked
from chassis.http.lists import Asking, Page, moment, page, whole
from chassis.parked import Parked
from chassis.parts import Given, Parts
from chassis.store import Stored

_EVENTS = """
select * from store.event where position > $1 and ($2::text is null or type = $2)
order by position limit $3
"""
_STREAM = """
select * from store.event where stream_id = $1 and version > $2 order by version limit $3
"""
_TIMERS = """
select stream_id, name, rung, due_at, armed_by, fired_at, error from feed.timer
where (fired_at is null or $1) and ($2::timestamptz is null
    or (due_at, stream_id, name, rung) > ($2, $3::text, $4::text, $5::text))
order by due_at, stream_id, name, rung limit $6
"""


def shown(running: Any, stored: Stored[Any]) -> dict[str, Any]:
    """Return *stored* as an operator may see it: circumstances and public facts, no text."""
    told = stored.category in running.service.topics
    public = running.service.to_public(stored.event) if told else None
    return {
        "event_id": str(stored.event_id),
        "stream": stored.stream_id,
        "version": stored.version,
        "type": stored.type,
        "label_zh": stored.event.label.zh,
        "label_en": stored.event.label.en,
        "occurred_at": stored.meta.occurred_at,
        "recorded_at": stored.recorded_at,
        "actor": stored.meta.actor,
        "on_behalf_of": stored.meta.on_behalf_of,
        "correlation_id": stored.meta.correlation_id,
        "causation_id": stored.meta.causation_id,
        "position": stored.position,
        "facts": MessageToDict(public, preserving_proto_field_name=True) if public else {},
    }


def reading_routes(router: APIRouter) -> None:
    """Add the routes to *router*."""

    @router.get("/lag")
    @allows("admin.read")
    async def get_lag(_: Asked, parts: Given, request: Request) -> Lag:
        """Say how far followers, consumers and timers are, and who holds the watermark."""
        return await lag_of(parts, request.app.state.running)

    @router.get("/events")
    @allows("admin.read")
    async def get_events(
        _: Asked,
        parts: Given,
        request: Request,
        after: Annotated[int, Query(ge=0, lt=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        type: Annotated[str | None, Query(pattern=r"^[A-Za-z.]{1,80}$")] = None,  # noqa: A002 the stored word
    ) -> list[dict[str, Any]]:
        """List stored events in the order of the feed."""
        rows = await parts.store.pool.fetch(_EVENTS, after, type, limit)
        running = request.app.state.running
        return [shown(running, await parts.store.decode(row)) for row in rows]

    @router.get("/streams/{stream_id}")
    @allows("admin.read")
    async def get_stream(
        stream_id: StreamId,
        _: Asked,
        parts: Given,
        request: Request,
        after: Annotated[int, Query(ge=0, lt=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> list[dict[str, Any]]:
        """List one item's events."""
        rows = await parts.store.pool.fetch(_STREAM, stream_id, after, limit)
        running = request.app.state.running
        return [shown(running, await parts.store.decode(row)) for row in rows]

    @router.get("/correlations/{correlation_id}")
    @allows("admin.read")
    async def get_correlation(
        correlation_id: UUID, _: Asked, parts: Given, request: Request
    ) -> list[dict[str, Any]]:
        """List the part of a causal chain that this service knows."""
        running = request.app.state.running
        return [shown(running, s) for s in await story(parts.store, correlation_id)]

    @router.get("/parked")
    @allows("admin.read")
    async def get_parked(
        _: Asked,
        parts: Given,
        consumer: ConsumerName,
        paging: Asking,
    ) -> Page[dict[str, Any]]:
        """List the records that wait for an operator, without their values."""
        (after,) = paging.place(whole) or (None,)
        rows = await Parked(parts.store.pool, consumer).list(after, paging.limit + 1)
        items = [
            {
                "parked_id": row["parked_id"],
                "topic": row["topic"],
                "partition": row["partition"],
                "offset": row["offset"],
                "key": row["key"].decode("utf-8", "replace"),
                "error": reason(row["error"]),
                "bytes": len(row["value"] or b""),
                "parked_at": row["parked_at"],
            }
            for row in rows
        ]
        return page(items, paging.limit, lambda item: [item["parked_id"]])

    @router.get("/timers")
    @allows("admin.read")
    async def get_timers(
        _: Asked, parts: Given, paging: Asking, fired: bool = False
    ) -> Page[dict[str, Any]]:
        """List timers by when they are due."""
        after = paging.place(moment, str, str, str) or (None, "", "", "")
        rows = await parts.store.pool.fetch(_TIMERS, fired, *after, paging.limit + 1)
        items = [dict(row) | {"error": reason(row["error"])} for row in rows]
        return page(
            items,
            paging.limit,
            lambda t: [t["due_at"], t["stream_id"], t["name"], t["rung"]],
        )

    @router.get("/verification")
    @allows("admin.read")
    async def get_verification(_: Asked, parts: Given) -> dict[str, Any]:
        """Verify the hash chain of every stream; at most 100 faults are listed."""
        rows = await parts.store.pool.fetch("select * from store.verify_v1() limit 100")
        return {"intact": not rows, "faults": [dict(row) for row in rows]}


async def lag_of(parts: Parts, running: Any) -> Lag:
    """Return the lag of a running service."""
    consumer = running.consumer
    name = consumer.name if consumer else ""
    topics = list(consumer.subscriptions) if consumer else []
    return await lag(parts, name, topics, running.followers)
