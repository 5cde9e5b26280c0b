"""Opening number series over HTTP, for every service that draws numbers."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StrictInt

from chassis.auth import allows
from chassis.http import Answer, Body, Commanded, doors
from chassis.http.bodies import Short
from chassis.parts import Given
from chassis.series import NUMBER_SERIES, OpenSeries, series_id


class SeriesBody(Body):
    """A series, and the last number that was given before it moved here."""

    organ: Short
    mark: Short
    year: Annotated[StrictInt, Field(ge=1949, le=2200)]
    last: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = 0


def series_router(service: str) -> APIRouter:
    """Return the routes of *service*'s number series."""
    router = doors(f"/{service}/v1/series", "series 编号")

    @router.post("", status_code=201)
    @allows("series.open")
    async def open_series(body: SeriesBody, request: Commanded, parts: Given) -> Answer:
        """Open a number series 启用编号; again with the same last number changes nothing."""
        item = series_id(body.organ, body.mark, body.year)
        command = OpenSeries(
            organ=body.organ, mark=body.mark, year=body.year, last=body.last
        )
        cause = await request.cause()
        return request.answer(
            await parts.store.of(NUMBER_SERIES).execute(item, command, cause)
        )

    return router
