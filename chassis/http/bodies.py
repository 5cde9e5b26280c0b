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
from pydantic_core import PydanticCustomError

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
BREAK = re.compile(r"[\t\n\r\u2028\u2029]")
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", re.ASCII)
EARLIEST, LATEST = datetime(1949, 10, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _clean(text: str) -> str:
    if CONTROL.search(text):
        raise PydanticCustomError("control_characters", "control characters in text")
    return text


def _in_one_line(text: str) -> str:
    if BREAK.search(text):
        raise PydanticCustomError("control_characters", "a line break within one line")
    return _clean(text)


def _written(value: Any) -> Any:
    # A number would be read as seconds since 1970, and so would one in quotes.
    if isinstance(value, datetime) or (isinstance(value, str) and WRITTEN.match(value)):
        return value
    raise PydanticCustomError("time_not_written", "not a time as of RFC 3339")


def _plausible(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise PydanticCustomError("time_implausible", "not a plausible year")
    return moment


Short = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_in_one_line),
]
"""A code, a name, a number: up to 100 characters."""

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    AfterValidator(_in_one_line),
]
"""One line: up to 300 characters."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=5000),
    AfterValidator(_clean),
]
"""Some paragraphs: up to 5 000 characters."""

Content = Annotated[
    str, StringConstraints(min_length=1, max_length=900_000), AfterValidator(_clean)
]
"""The text of a file, as it is: up to 900 000 characters."""

Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_plausible)]
"""A moment with its offset (RFC 3339)."""


class Body(BaseModel):
    """A request body. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
