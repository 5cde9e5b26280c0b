"""A standby of a PostgreSQL: synchronous, or one that may lag behind; and its promotion."""

import time
from pathlib import Path

from tests.faults.servers.installation import PostgresError, does
from tests.faults.servers.postgres import Postgres

CONNECTED = "select coalesce(string_agg(sync_state, ','), '') from pg_stat_replication"
CONNECTED_SECONDS = 20.0


def standby_of(primary: Postgres, *, synchronous: bool) -> Postgres:
    """Start a standby; return once it streams. Raises `PostgresError`.

    Where it is *synchronous* no commit is answered before the standby has it.
    """
    standby = Postgres()
    try:
        copied: Path = standby.folder / "copied"
        primary.copy(copied, "--write-recovery-conf")
        standby.restore(copied)
        standby.start()
        if synchronous:
            primary.asked("alter system set synchronous_standby_names = 'standby'")
            primary.asked("select pg_reload_conf()")
        _expect(primary, "sync" if synchronous else "async")
    except BaseException:
        standby.close()
        raise
    return standby


def promote(standby: Postgres, address: tuple[str, int]) -> None:
    """Make it a primary of its own, at the *address* of the one that died.

    It waits for no standby of its own.
    """
    does("pg_ctl", "-D", str(standby.data), "-w", "promote")
    standby.asked("alter system reset synchronous_standby_names")
    standby.stop()
    standby.address = address
    standby.start()


def _expect(primary: Postgres, state: str) -> None:
    until = time.monotonic() + CONNECTED_SECONDS
    while (found := primary.asked(CONNECTED)) != state:
        if time.monotonic() > until:
            raise PostgresError(f"the standby is {found or 'not connected'}, not {state}")
        time.sleep(0.05)
