"""What a request body may contain: bounded, typed, nothing unknown."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
)

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
EARLIEST, LATEST = datetime(1949, 10, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _clean(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError("control characters are not allowed in text")
    return text


def _written(value: Any) -> Any:
    if not isinstance(value, str | datetime):
        raise ValueError("write the time as text, RFC 3339 with its offset")
    return value


def _plausible(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("the year is not plausible")
    return moment


Short = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_clean),
]
"""A code, a name, a number: up to 100 characters."""

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    AfterValidator(_clean),
]
"""One line: up to 300 characters."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=5000),
    AfterValidator(_clean),
]
"""Some paragraphs: up to 5 000 characters."""

Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_plausible)]
"""A moment with its offset (RFC 3339)."""


class Body(BaseModel):
    """A request body. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
