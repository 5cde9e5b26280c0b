"""Bring databases up to date: create roles, create databases, run their migrations.

Idempotent, and safe when two processes try at once: an advisory lock lets one go first.
"""

import re
from importlib.resources import files
from typing import Literal

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import connect
from chassis.settings import Settings
from chassis.store.shards import MARKER_NAMESPACE

Kind = Literal["service", "notifier", "meetings", "log", "keys", "clock"]

IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]{0,40}$")
TIMEOUTS = {
    # A frozen client would otherwise keep its locks, and its successor waiting, for ever.
    "idle_in_transaction_session_timeout": "5s",
    "statement_timeout": "20s",
    "lock_timeout": "5s",
    "synchronous_commit": "on",
}


async def migrate(settings: Settings, database: str, kind: Kind) -> str:
    """Create *database* and its roles where they are missing; return its revision.

    Raises `ValueError` when the server allows prepared transactions: the feed's proof
    of what is final does not cover them.
    """
    if not IDENTIFIER.match(database):
        raise ValueError(f"{database!r} is no database name: use lower case, digits, _")
    app, rebuild = f"shuniu_{database}", f"shuniu_{database}_rebuild"
    server = await connect(settings.owner_dsn("postgres"))
    try:
        if int(await server.fetchval("show max_prepared_transactions")) > 0:
            raise ValueError("set max_prepared_transactions = 0: they are not supported")
        await server.execute("select pg_advisory_lock($1, 1)", MARKER_NAMESPACE)
        await _create(server, database, app, rebuild)
        return await _upgrade(settings.owner_dsn(database), kind, app, rebuild)
    finally:
        await server.close()


async def _create(
    server: asyncpg.Connection, database: str, app: str, rebuild: str
) -> None:
    for role in (app, rebuild):
        if not await server.fetchval("select 1 from pg_roles where rolname = $1", role):
            await server.execute(f'create role "{role}" login')
    await server.execute(f'grant "{app}" to "{rebuild}"')  # it builds what the app reads
    if not await server.fetchval("select 1 from pg_database where datname = $1", database):
        await server.execute(f'create database "{database}"')
    await server.execute(f'grant create on database "{database}" to "{app}"')
    for name, value in TIMEOUTS.items():
        await server.execute(
            f'alter role "{app}" in database "{database}" set {name} = \'{value}\''
        )


async def _upgrade(dsn: str, kind: Kind, app: str, rebuild: str) -> str:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: connect(dsn)
    )
    try:
        async with engine.begin() as connection:  # ours: Alembic commits one that it begins
            return await connection.run_sync(_run, kind, {"app": app, "rebuild": rebuild})
    finally:
        await engine.dispose()


def _run(connection: Connection, kind: Kind, roles: dict[str, str]) -> str:
    home = files("chassis.migrations")
    config = Config()
    config.set_main_option("script_location", str(home))
    config.set_main_option("version_locations", str(home.joinpath("versions", kind)))
    config.set_main_option("path_separator", "newline")
    config.attributes |= {"connection": connection, "roles": roles, "kind": kind}
    command.upgrade(config, "head")
    found = connection.exec_driver_sql(f"select version_num from alembic_{kind}")  # noqa: S608 a Kind
    return str(found.scalar_one())
