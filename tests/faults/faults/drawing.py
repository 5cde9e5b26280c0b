"""An append that is open just past a boundary of the position sequence.

PostgreSQL writes a sequence ahead, 32 values at a time. Whoever draws the first value past
what was written has a record of it in the log that nobody waits for until somebody commits:
a crash before that takes the values back, and they are drawn a second time.
"""

import contextlib
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg

NEXT_IS_WRITTEN = "select log_cnt = 0 from store.event_position_seq"
DRAW = "select nextval('store.event_position_seq')"
APPEND = """
select positions[1] from store.append_v1($1, ''::bytea, 'tests', array[$2], array[0::bigint],
    array[1], array[$3::uuid], array['tests.Drawn'], array[1], array['{}'::bytea],
    array['{}'::bytea])
"""
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


@contextlib.asynccontextmanager
async def drawn_past_a_boundary(dsn: str) -> AsyncIterator[int]:
    """Append an event without committing it; give the position that it drew."""
    session = await asyncpg.connect(dsn)
    try:
        transaction = session.transaction()
        await transaction.start()
        while not await session.fetchval(NEXT_IS_WRITTEN):
            await session.fetchval(DRAW)
        yield await session.fetchval(APPEND, uuid4(), f"incoming-{uuid4()}", uuid4())
        with contextlib.suppress(*GONE):  # as it is wanted: the server died meanwhile
            await transaction.rollback()
    finally:
        session.terminate()
