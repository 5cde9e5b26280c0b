"""The server process: `python -m tests.benchmarks.http_server bare|door|whole <service>`.

`door` is the service with nothing that follows its feed; `whole` follows, projects,
relays, arms timers and consumes in the same process; `bare` is the floor.
"""

import asyncio
import json
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

import uvicorn
import uvloop
from fastapi import Body, FastAPI
from fastapi.responses import JSONResponse

from chassis.calendars import load_calendar
from chassis.collecting import settle
from chassis.database import open_pool
from chassis.keys import StoredKeyRing
from chassis.log.embedded import EmbeddedLog
from chassis.service import open_service
from chassis.settings import Settings
from chassis.store.append import APPEND
from chassis.telemetry import configure
from suite.hosting import SERVICES
from tests.benchmarks.by_hand import REQUEST
from tests.benchmarks.http_client import PATH
from tests.benchmarks.http_process import BARE

BEGINS = datetime.fromisoformat("2025-04-25T16:40:00+08:00")
DATA = (
    b'{"document_id":"00000000-0000-4000-8000-000000000000","organ":"gov","medium":"telegram",'
    b'"sender":"%s","sender_doc_no":"%s","title":"%s","urgency":"extra_urgent",'
    b'"secrecy":"none","received_by":"li.juan","received_at":"2025-04-25T08:40:00Z",'
    b'"due":"2025-05-09T10:00:00Z"}'
) % (b"0" * 30, b"0" * 30, b"0" * 90)
META = b'{"actor":"li.juan","occurred_at":"2025-04-25T08:40:00Z","command_id":"%s"}' % (
    b"0" * 160
)


class OfficeClock:
    """The machine's pace from a fixed day, so that no calendar ever ends."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    async def now(self) -> datetime:
        """Return the present moment."""
        return BEGINS + timedelta(seconds=time.monotonic() - self._began)


@asynccontextmanager
async def bare(settings: Settings) -> AsyncIterator[FastAPI]:
    """Give an application that only appends, with ready-made arguments."""
    pool = await open_pool(settings.dsn(BARE), settings.pool_size)
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})

    @app.post(PATH)
    async def receive(_body: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        """Append one event to a new stream."""
        command_id = uuid4()
        outcome = f'{{"item_id":"{command_id}","version":1,"facts":{{}}}}'
        await pool.fetchrow(
            *(APPEND, command_id, REQUEST, outcome, [f"incoming-{command_id}"], [0], [1]),
            *([uuid5(command_id, "0")], ["incoming.Received"], [1], [DATA], [META]),
        )
        return JSONResponse({"id": str(command_id), "version": 1}, 201)

    yield app
    await pool.close()


@asynccontextmanager
async def service(settings: Settings, name: str, *, whole: bool) -> AsyncIterator[FastAPI]:
    """Give a service's application; *whole* with all that follows its feed."""
    log = EmbeddedLog(settings.dsn("log"))
    await log.start()
    keys = await open_pool(settings.dsn("keys"), 2)
    running = await open_service(
        SERVICES[name],
        settings,
        log=log,
        clock=OfficeClock(),
        keys=StoredKeyRing(keys),
        shared={
            "calendar": load_calendar(None, None, zone=settings.tz),
        },
    )
    if whole:
        await running.start(settings)
    yield running.app
    await running.stop()
    await keys.close()
    await log.close()


async def main(mode: str, name: str) -> None:
    """Serve until SIGTERM; say the port on the standard output."""
    settings = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own
    configure(name, "error", "json")
    given = bare(settings) if mode == "bare" else None
    serving = given or service(settings, name, whole=mode == "whole")
    async with serving as app:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=60,  # a client's connections wait for their turn
        )
        ready: dict[str, UUID | int] = {"port": listening.getsockname()[1]}
        settle()
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await uvicorn.Server(config).serve([listening])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(*sys.argv[1:]))
