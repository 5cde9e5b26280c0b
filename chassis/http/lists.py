"""Lists: bounded, with an opaque keyset cursor and a stable order."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Header, Query, Request

from chassis.store import Position

T = TypeVar("T")

MOST = 200
DIGITS = 18


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
        request: Request,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        position: Annotated[
            str | None, Header(alias="Shuniu-Position", max_length=1000)
        ] = None,
    ) -> None:
        self.limit = limit
        self._after = _decode(cursor) if cursor else None
        try:
            self.position = Position.parse(position) if position else None
        except ValueError as error:
            raise CursorError(str(error)) from error
        epoch = request.app.state.store.epoch
        if self.position is not None and self.position.epoch != epoch:
            raise CursorError("not a position of this history: read without it")

    def place(self, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
        """Return the place after which to go on: what the list is ordered by, part by part.

        Raises `CursorError` when the cursor is not of this list.
        """
        if self._after is None:
            return None
        try:
            parts = zip(kinds, self._after, strict=True)
            return tuple(kind(part) for kind, part in parts)
        except ValueError as error:
            raise CursorError("not a cursor of this list") from error


def moment(text: str) -> datetime:
    """Return a cursor's moment. Raises `ValueError`."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment has its offset")
    return at


def whole(text: str) -> int:
    """Return a cursor's number. Raises `ValueError`."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        raise ValueError("not a number that we gave out")
    return int(text)


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
        if isinstance(key, list) and all(isinstance(k, str) and _storable(k) for k in key):
            return key
    except ValueError as error:
        raise CursorError("not a cursor that this service gave out") from error
    raise CursorError("not a cursor that this service gave out")


def _storable(text: str) -> bool:
    text.encode()  # a lone surrogate raises a `ValueError`
    return "\0" not in text
