"""The acts of the directory: files are named as they are called beside the scenario."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from suite.acts.desk import Act, Desk, Given, UnknownActError


async def _import(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    file = desk.folder / given.pop("file")
    body = import_of(await asyncio.to_thread(read_file, file), file, **given)
    return await desk.client.post(person, "/directory/v1/imports", body, key=key)


async def _depart(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    path = f"/directory/v1/people/{given.pop('person')}/departure"
    return await desk.client.post(person, path, given, key=key)


def read_file(file: Path) -> str:
    """Return the text of an import. Raises `UnknownActError`."""
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnknownActError(f"cannot read {file}: {error}") from error


def import_of(text: str, file: Path, **given: Any) -> Given:
    """Return the body that imports *text*: CSV is told by the file's name."""
    if file.suffix.lower() != ".csv":
        return {"text": text, "format": "yaml", **given}
    return {"text": text, "format": "csv", "kind": file.stem, **given}


ACTS: Mapping[str, Act] = {
    "import_organisation": _import,
    "announce_departure": _depart,
}
