"""Writers of the eventsourcing library: `… eventsourcing_writers DSN WRITERS lock|function`.

Runs in the peers' environment. Asked for seconds, writers and events, so many threads save new
aggregates of so many events each, over and over for so long; it answers how many were saved,
and how long it took.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from eventsourcing.application import Application  # type: ignore[import-not-found] # peers only
from eventsourcing.domain import Aggregate, event  # type: ignore[import-not-found] # the same
from psycopg.conninfo import conninfo_to_dict  # type: ignore[import-not-found] # the same

from chassis.collecting import settle
from tests.benchmarks.by_hand import REMARK


class Counter(Aggregate):  # type: ignore[misc] # the library is not here to be checked
    """What our benches append to, as the library's users write it."""

    @event("Raised")  # type: ignore[untyped-decorator] # the same
    def __init__(self, by: int, remark: str) -> None:
        self.total = by
        self.remark = remark

    @event("RaisedAgain")  # type: ignore[untyped-decorator] # the same
    def raise_again(self, by: int, remark: str) -> None:
        """Count on."""
        self.total += by
        self.remark = remark


def environment(dsn: str, writers: int, how: str) -> dict[str, str]:
    """Return the library's settings: a connection for each writer, nothing checked twice."""
    place = conninfo_to_dict(dsn)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": place["dbname"],
        "POSTGRES_HOST": place["host"],
        "POSTGRES_PORT": place.get("port") or "5432",
        "POSTGRES_USER": place["user"],
        "POSTGRES_PASSWORD": "",
        "POSTGRES_POOL_SIZE": str(writers),
        "POSTGRES_MAX_OVERFLOW": "0",
        "POSTGRES_CONNECT_TIMEOUT": "30",
        "POSTGRES_PRE_PING": "no",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "yes" if how == "function" else "no",
    }


def write(application: Any, events: int, seconds: float) -> int:
    """Save for so many seconds; return how often."""
    until = time.perf_counter() + seconds
    times = 0
    while time.perf_counter() < until:
        counter = Counter(by=1, remark=REMARK)
        for _ in range(events - 1):
            counter.raise_again(by=1, remark=REMARK)
        application.save(counter)
        times += 1
    return times


def main(dsn: str, writers: int, how: str) -> None:
    """Answer each line with a line, until nobody asks."""
    with (
        Application(environment(dsn, writers, how)) as application,
        ThreadPoolExecutor(writers) as threads,
    ):
        settle()
        say(ready=True)
        for line in sys.stdin:
            asked = json.loads(line)
            began = time.perf_counter()
            doing = [
                threads.submit(write, application, asked["events"], asked["seconds"])
                for _ in range(asked["writers"])
            ]
            times = sum(done.result() for done in doing)
            say(times=times, seconds=time.perf_counter() - began)


def say(**said: Any) -> None:
    """Answer."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
