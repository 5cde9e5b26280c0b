"""Figures and days that bodies of this service have in common."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt
from pydantic_core import PydanticCustomError

from services.meetings.domain import ordinals

FIRST, LAST = date(1949, 10, 1), date(2199, 12, 31)


def _written(value: object) -> object:
    # A number would be read as seconds since 1970.
    if isinstance(value, str):
        return value
    raise PydanticCustomError("day_not_written", "not a day as of RFC 3339")


def _plausible(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise PydanticCustomError("day_implausible", "not a plausible year")
    return day


Day = Annotated[date, BeforeValidator(_written), AfterValidator(_plausible)]
"""A local day (RFC 3339)."""

Count = Annotated[StrictInt, Field(ge=0, le=5000)]
"""Members, votes, speeches, comments."""

Ordinal = Annotated[StrictInt, Field(ge=1, le=ordinals.MOST)]
"""Which meeting of its meeting body."""
