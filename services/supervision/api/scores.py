"""Scores over HTTP: published once and for good, or previewed."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from chassis.auth import allows
from chassis.domain import UnknownItemError
from chassis.http import Answer, Asked, Body, Commanded, Page, doors, page, path_id
from chassis.http.bodies import EARLIEST, LATEST, Short
from chassis.http.lists import Asking, moment
from chassis.parts import Given
from services.supervision.api.concerning import supervising
from services.supervision.api.scoring import scoring_of
from services.supervision.domain.evaluation.events import ScorePublished
from services.supervision.domain.evaluation.points import Period, Point, UnitScore
from services.supervision.domain.evaluation.rules import Rule
from services.supervision.domain.evaluation.score import SCORE, PublishScore, score_id
from services.supervision.domain.evaluation.scoring import evaluate
from services.supervision.projections import ledger_lists as view
from services.supervision.projections.ledger import LEDGER

router = doors("/supervision/v1/scores", "scores 得分")

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
HUNDREDTH = Decimal("0.01")


def _written(value: Any) -> Any:
    if isinstance(value, str) and DAY.fullmatch(value):
        return value
    raise PydanticCustomError("string_pattern_mismatch", "not a day as yyyy-mm-dd")


def _plausible(day: date) -> date:
    if not EARLIEST.date() <= day < LATEST.date():
        raise PydanticCustomError("time_implausible", "not a plausible year")
    return day


Day = Annotated[date, BeforeValidator(_written), AfterValidator(_plausible)]


class Publication(Body):
    """The period, its first and its last day included, and the rule."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="until")
    rule: Short


async def published(request: Request) -> dict[str, Any]:
    """Return whose score the call is about. Raises `UnknownItemError`."""
    history = await request.app.state.store.history(SCORE, path_id(request, "score_id"))
    if not history:
        raise UnknownItemError
    return {"organ": history[0].event.organ}


@router.post("", status_code=201)
@allows("score.publish", supervising)
async def publish(body: Publication, request: Commanded, parts: Given) -> Answer:
    """Publish the scores of the caller's organ over a period by a rule 公布得分."""
    period = Period(first=body.first, last=body.last)
    scoring = await scoring_of(parts, request.caller.organ, period, body.rule)
    item = score_id(scoring.organ, period, body.rule)
    command = PublishScore(
        score_id=item,
        scoring=scoring,
        published_by=request.caller.subject,
        published_at=request.now,
    )
    cause = await request.cause()
    return request.answer(await parts.store.of(SCORE).execute(item, command, cause))


@router.get("")
@allows("score.list")
async def browse(
    request: Asked,
    parts: Given,
    paging: Asking,
    rule: Annotated[Short | None, Query()] = None,
) -> Page[view.Row]:
    """List the published scores of the caller's organ, the latest first."""
    async with parts.views.reading(LEDGER, paging.position) as connection:
        place = paging.place(moment, UUID)
        organ, limit = request.caller.organ, paging.limit
        rows = await view.scores(connection, organ, rule, place, limit + 1)
    return page(rows, limit, lambda row: (row.published_at.isoformat(), row.score_id))


@router.get("/preview")
@allows("score.preview", supervising)
async def preview(
    request: Asked,
    parts: Given,
    *,
    rule: Annotated[Short, Query()],
    first: Annotated[Day, Query(alias="from")],
    last: Annotated[Day, Query(alias="until")],
    unit: Annotated[Short | None, Query()] = None,
) -> dict[str, Any]:
    """Score the caller's organ as if it were published now, and publish nothing."""
    period = Period(first=first, last=last)
    scoring = await scoring_of(parts, request.caller.organ, period, rule)
    return _shown(scoring.organ, period, scoring.rule) | {
        "units": _units(evaluate(scoring), unit)
    }


@router.get("/{score_id}")
@allows("score.read", published)
async def read(
    score_id: UUID,
    _: Asked,
    parts: Given,
    unit: Annotated[Short | None, Query()] = None,
) -> dict[str, Any]:
    """Read a published score with its reasons: each point with the event behind it."""
    history = await parts.store.history(SCORE, score_id)
    event: ScorePublished = history[0].event
    period = Period(first=event.first_day, last=event.last_day)
    return _shown(event.organ, period, event) | {
        "score_id": score_id,
        "published_by": event.published_by,
        "published_at": event.published_at,
        "units": _units(event.units, unit),
        "version": history[-1].version,
        "correlation_id": history[0].meta.correlation_id,
    }


def _shown(organ: str, period: Period, by: Rule | ScorePublished) -> dict[str, Any]:
    return {
        "organ": organ,
        "from": period.first,
        "until": period.last,
        "rule": by.id if isinstance(by, Rule) else by.rule,
        "start": str(by.start),
        "rank_from_closed": by.rank_from_closed,
    }


def _units(units: tuple[UnitScore, ...], wanted: str | None) -> list[dict[str, Any]]:
    return [_unit(unit) for unit in units if wanted in (None, unit.unit)]


def _unit(unit: UnitScore) -> dict[str, Any]:
    rate = Decimal(unit.on_time) / unit.completed if unit.completed else None
    return {
        "unit": unit.unit,
        "unit_class": unit.unit_class,
        "score": str(unit.score),
        "assigned": unit.assigned,
        "completed": unit.completed,
        "on_time": unit.on_time,
        "on_time_rate": None if rate is None else str(rate.quantize(HUNDREDTH)),
        "closed": unit.closed,
        "rank": unit.rank,
        "unranked": unit.unranked,
        "points": [_point(point) for point in unit.points],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "points": str(point.points),
        "event_id": point.event_id,
        "event_type": point.event_type,
        "occurred_at": point.occurred_at,
        "matter_id": point.matter_id,
        "number": point.number,
        "work_days": point.work_days,
    }
