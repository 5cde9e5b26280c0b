"""Until when a process runs: a signal, the end of whoever started it, or a past that is none."""

import asyncio
import signal
import sys

from chassis.past import DivergedError, Past
from suite.hosting import Hosted


async def until_signalled(*, bound: bool = False) -> None:
    """Wait for Ctrl-C or SIGTERM; *bound* to whoever started us, for their end as well."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    if bound:  # they hold the other end of our standard input
        loop.add_reader(sys.stdin.fileno(), stopped.set)
    await stopped.wait()
    if bound:
        loop.remove_reader(sys.stdin.fileno())


async def until_ended(hosted: Hosted, *, bound: bool = False) -> None:
    """Wait as `until_signalled` does. Raises `DivergedError` once a store's past is another."""
    pasts = [running.parts.store.past for running in hosted.running.values()]
    signalled = asyncio.create_task(until_signalled(bound=bound))
    waits = [signalled, *(asyncio.create_task(_diverged(past)) for past in pasts)]
    try:
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for ended in done:
            ended.result()
    finally:
        for wait in waits:
            wait.cancel()


async def _diverged(past: Past) -> None:
    await past.diverged.wait()
    raise DivergedError(past.why)
