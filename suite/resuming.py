"""One's own alerts from where the last run left off: the client, and where it keeps its place."""

import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import grpc

from shuniu_client import (
    AlertClient,
    AlertsRefusedError,
    Begin,
    FilePlace,
    Item,
    PlaceError,
    ReplacedError,
)
from suite.reaching import Reach

REMOTE = Path(".state") / "remote"
DEVICE = "device"
REFUSED = (AlertsRefusedError, PlaceError, ReplacedError)


def folder_of(reach: Reach) -> Path:
    """Return where the places for this suite are kept: its own folder, if it is one of ours."""
    host = quote(urlsplit(reach.http).netloc, safe="")
    return (reach.folder or REMOTE / host) / "alerts"


async def resumed(
    reach: Reach,
    person: str,
    *,
    from_now: bool,
    lost: Callable[[], None],
    found: Callable[[], None],
) -> AsyncIterator[Item]:
    """Yield what *person* was not shown yet, and then what comes; what was yielded is done.

    *lost* is called whenever the stream ends, *found* whenever something arrives. Raises what
    is in `REFUSED`.
    """
    folder = folder_of(reach)
    client = AlertClient(
        reach.grpc,
        token=lambda: reach.token(person),
        device_id=f"shuniu-tail-{_installation(folder)}",
        place=FilePlace(folder / f"{quote(person, safe='')}.json"),
        credentials=grpc.ssl_channel_credentials() if reach.secure else None,
        begin=Begin.NOW if from_now else Begin.LAST_ACKED,
        ended=lambda _why: lost(),
        seen=lambda _frame: found(),
    )
    async with client:
        async for item in client:
            yield item
            await item.done()


def _installation(folder: Path) -> str:
    """Return what tells this installation from others: two must not take turns as one device."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with (folder / DEVICE).open("x", encoding="ascii") as file:
            file.write(secrets.token_hex(8))
    except FileExistsError:
        pass
    return (folder / DEVICE).read_text("ascii").strip()
