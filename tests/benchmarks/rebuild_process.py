"""A process that rebuilds a view: `python -m tests.benchmarks.rebuild_process <dsn>`.

It says when it is ready, rebuilds once it is asked, and says how long that took and how much
memory it had at most.
"""

import asyncio
import resource
import sys
import time

import uvloop

from chassis.collecting import settle
from chassis.database import open_engine, open_pool
from chassis.feed.follower import Feed
from chassis.feed.tailer import Tailer
from chassis.projection import Rebuilding, begin_rebuild
from chassis.store import Store
from tests.benchmarks.alert_processes import answer, questions
from tests.benchmarks.lab import ended
from tests.benchmarks.rebuilding import VIEW
from tests.support.samples import COUNTER

KIB_A_MIB = 1024


async def main(dsn: str) -> None:
    """Rebuild when asked, until there is nobody to ask."""
    pool, engine = await open_pool(dsn, 4), open_engine(dsn, 4)
    epoch = str(await pool.fetchval("select epoch from store.store"))
    store, tailer = Store(pool, [COUNTER], epoch), Tailer(dsn)
    tailing = asyncio.create_task(tailer.run())
    settle()
    answer(ready=True)
    async for _ in questions():
        began = time.perf_counter()
        await begin_rebuild(engine, VIEW)
        await Rebuilding(VIEW).run(Feed(store, tailer, engine, "rebuild"))
        taken = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB
        answer(seconds=taken, peak=peak)
    await ended(tailing)
    await engine.dispose()
    await pool.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1]))
