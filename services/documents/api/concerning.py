"""What a call is about, for the policies: a document, and the organ it belongs to."""

from typing import Any

from fastapi import Request

from chassis.domain import Category, UnknownItemError
from chassis.http import path_id
from services.documents.domain.incoming.document import INCOMING
from services.documents.domain.outgoing.document import OUTGOING


async def incoming(request: Request) -> dict[str, Any]:
    """Return whose incoming document the call is about. Raises `UnknownItemError`."""
    return await _organ_of(INCOMING, request)


async def outgoing(request: Request) -> dict[str, Any]:
    """Return whose outgoing document the call is about. Raises `UnknownItemError`."""
    return await _organ_of(OUTGOING, request)


async def _organ_of(category: Category[Any, Any, Any], request: Request) -> dict[str, Any]:
    item = await request.app.state.store.read(category, path_id(request, "document_id"))
    if not item.version:
        raise UnknownItemError
    return {"organ": item.state.organ}
