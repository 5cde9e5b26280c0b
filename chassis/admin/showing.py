"""What an operator gives and is shown: names with a form, and reasons without anybody's text."""

import base64
import re
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Base64Bytes, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError


def _strict(value: Any) -> Any:
    """Refuse what the decoder would pass over: a record is not edited by guessing."""
    try:
        base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        raise PydanticCustomError("base64_decode", "not Base64") from None
    return value


RecordValue = Annotated[Base64Bytes, BeforeValidator(_strict)]

StreamId = Annotated[str, Path(pattern=r"^[a-z_]{1,40}-[0-9a-f-]{36}$")]
FollowerName = Annotated[str, Path(pattern=r"^[a-z0-9:_.-]{1,80}$")]
ConsumerName = Annotated[str, Query(pattern=r"^[a-z.-]{1,80}$")]
ParkedId = Annotated[int, Path(ge=0, lt=2**62)]
PartitionNumber = Annotated[int, Field(strict=True, ge=0, lt=1024)]
Rung = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f]{0,100}$")]

_STATEMENT = re.compile(r"\s*\[(?:SQL|parameters): .*", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,40}")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*(?:'|$)|\"(?:[^\"\\]|\\.)*(?:\"|$)", re.DOTALL)


def reason(error: str | None) -> str | None:
    """Return *error* without the values it quotes: they may be the text of a document.

    Names in lower case, as those of headers and columns are, stay.
    """
    if error is None:
        return None
    return _QUOTED.sub(_named, _STATEMENT.sub("", error))


def _named(quoted: re.Match[str]) -> str:
    return quoted.group() if _NAME.fullmatch(quoted.group()[1:-1]) else "'…'"
