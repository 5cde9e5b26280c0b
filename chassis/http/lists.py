"""Lists: bounded, with an opaque keyset cursor and a stable order."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Header, Query

from chassis.store import Position

T = TypeVar("T")

MOST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page, and the cursor of the next where there is one."""

    items: Sequence[T]
    next: str | None = None


class CursorError(ValueError):
    """Not a cursor or position that this service gave out (HTTP 400)."""


class Paging:
    """How much of a list is asked for, from where, and how fresh."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        position: Annotated[
            str | None, Header(alias="Shuniu-Position", max_length=1000)
        ] = None,
    ) -> None:
        self.limit = limit
        self.after = _decode(cursor) if cursor else None
        try:
            self.position = Position.parse(position) if position else None
        except ValueError as error:
            raise CursorError(str(error)) from error


Asking = Annotated[Paging, Depends(Paging)]


def page(rows: Sequence[T], limit: int, key: Any) -> Page[T]:
    """Return the first *limit* of *rows*, which were asked for with one more.

    *key* gives the values that the list is ordered by.
    """
    if len(rows) <= limit:
        return Page(rows)
    shown = rows[:limit]
    return Page(shown, _encode(key(shown[-1])))


def _encode(key: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([str(k) for k in key]).encode()).decode()


def _decode(cursor: str) -> list[str]:
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError as error:
        raise CursorError("not a cursor that this service gave out") from error
    if not isinstance(key, list) or not all(
        isinstance(k, str) and "\0" not in k for k in key
    ):
        raise CursorError("not a cursor that this service gave out")
    return key
