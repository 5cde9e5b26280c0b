"""An older past comes back under the services: it is flagged, and nothing of it used again."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from services.documents.contracts import TOPICS as DOCUMENTS
from services.supervision.contracts import TOPICS as SUPERVISION
from tests.faults.checkers.topics import is_of, records
from tests.faults.faults.operating import BrokenPromiseError, expect
from tests.faults.lab import Lab
from tests.faults.watching import HEARD

BringBack = Callable[[], Awaitable[None]]
Keep = Callable[[Lab], Awaitable[BringBack]]
"""Remember the past as it is; what it returns brings that back."""

KNOWING = {
    "documents": "documents",
    "supervision": "supervision",
    "notifier-decider": "notifier",
}
"""Processes that can know of a lost past, by what they told the log; with their services."""
TOPICS = [*DOCUMENTS.values(), *SUPERVISION.values()]
SAID = "new-epoch"  # by whoever refuses to go on, of the way out
MAILBOXES = ("notifier-decider", "notifier-streamer")
HEARD_MORE = 3  # alerts
TOLD = 80  # commands: some of them have public events of each
TELLING_SECONDS = 2.0
FLAGGED_SECONDS = 40.0


async def flagged_at_a_start(lab: Lab, keep: Keep) -> None:
    """Bring back an older past while nobody works on it: whoever starts must refuse."""
    bring_back = await _grown_past(lab, keep)
    names = list(lab.processes.names)
    for name in names:
        await lab.processes.kill(name)
    logs = _ends_of_logs(lab)
    await bring_back()
    for name in names:
        await lab.processes.start(name, ready=False)
    await _settled_by_hand(lab, logs)


async def flagged_to_readers(lab: Lab, keep: Keep) -> None:
    """Bring back older mailboxes: whoever read on must be told, before numbers come again."""
    bring_back = await keep(lab)
    kept = lab.watching.reached(HEARD)
    await expect(lab, f"{HEARD} hears more", lambda: _hears(lab, kept + HEARD_MORE))
    await asyncio.sleep(TELLING_SECONDS)  # the log is told how far the decider was
    for name in MAILBOXES:
        await lab.processes.kill(name)
    told, logs = len(lab.watching.gaps), _ends_of_logs(lab)
    await bring_back()
    for name in MAILBOXES:
        await lab.processes.start(name, ready=False)
    await _settled_by_hand(lab, logs)
    await expect(
        lab,
        f"{HEARD} is told that the mailbox is another",
        lambda: _is_told(lab, told),
        FLAGGED_SECONDS,
    )


async def flagged_while_running(lab: Lab, keep: Keep) -> None:
    """Bring back an older past under services that run, and only lose their connections."""
    bring_back = await _grown_past(lab, keep)
    logs = _ends_of_logs(lab)
    await bring_back()
    try:
        await _settled_by_hand(lab, logs)
    except BrokenPromiseError:
        await _expect_no_position_twice(lab)  # which would be worse: it is said instead
        raise


async def _grown_past(lab: Lab, keep: Keep) -> BringBack:
    bring_back = await keep(lab)
    await lab.load.until(TOLD)
    await asyncio.sleep(TELLING_SECONDS)  # the log has told others of what will be missing
    return bring_back


async def _settled_by_hand(lab: Lab, logs: dict[str, int]) -> None:
    """Expect that they refuse to go on; then say, as an operator does, which past is true."""
    for name in KNOWING:
        await _refused(lab, name, logs)
    for service in KNOWING.values():
        await _declared_true(lab, service)
    for name in lab.processes.names:
        await lab.processes.until_ready(name)
    await lab.load.until(20)
    await _expect_no_position_twice(lab)


async def _refused(lab: Lab, name: str, logs: dict[str, int]) -> None:
    await expect(
        lab,
        f"{name} refuses to go on from an older past",
        lambda: _refuses(lab, name, logs[name]),
        FLAGGED_SECONDS,
    )


async def _declared_true(lab: Lab, name: str) -> None:
    if code := await lab.processes.command("admin", "new-epoch", name, "--yes"):
        raise BrokenPromiseError(f"new-epoch ended with {code} for {name}")
    lab.note(f"the past of {name} is declared to be true")


async def _hears(lab: Lab, sequence: int) -> bool:
    return lab.watching.reached(HEARD) >= sequence


async def _is_told(lab: Lab, before: int) -> bool:
    return len(lab.watching.gaps) > before


async def _refuses(lab: Lab, name: str, since: int) -> bool:
    """Whether it has said the way out since then, and does not serve."""
    said = _log(lab, name).read_bytes()[since:].decode("utf-8", "replace")
    return SAID in said and not await lab.processes.is_ready(name)


async def _expect_no_position_twice(lab: Lab) -> None:
    """Raise `BrokenPromiseError` where one position of one epoch was told of two events."""
    seen: dict[tuple[str, str, str], str] = {}
    async for batch in records(lab.kafka.bootstrap, TOPICS):
        for given in (r.headers for r in batch if is_of(r, "documents", "supervision")):
            place = (given["ce_source"], given["ce_epoch"], given["ce_position"])
            if seen.setdefault(place, given["ce_id"]) != given["ce_id"]:
                raise BrokenPromiseError(f"two events were told as {place}")
    lab.note(f"{len(seen)} events were told, each at a position of its own")


def _ends_of_logs(lab: Lab) -> dict[str, int]:
    return {name: _log(lab, name).stat().st_size for name in KNOWING}


def _log(lab: Lab, name: str) -> Path:
    return lab.folder / "logs" / f"{name}.log"
