"""`shuniu admin new-epoch`: the way out when a store's past is not the one others saw."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from chassis.database import connect
from chassis.history import new_epoch
from chassis.settings import Settings
from suite.commands.admin_acts import Name, done
from suite.commands.common import UsageError, run
from suite.postgres import embedded
from suite.state import State


def declare(
    service: Name,
    state: Annotated[
        Path | None,
        typer.Option(
            help="Folder of a stopped suite on this machine.", envvar="SHUNIU_STATE"
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Declare the present past of a stopped service's store to be the true one.

    For a store that refuses to start because a backup was restored or a standby promoted:
    see what it said. Wants SHUNIU_OWNER_DATABASE_URL, or --state FOLDER.

    Examples:
        shuniu admin new-epoch supervision --state .state/demo
        SHUNIU_OWNER_DATABASE_URL=… shuniu admin new-epoch documents --yes
    """
    run(_new_epoch(service, state, yes))


async def _new_epoch(service: str, folder: Path | None, yes: bool) -> None:
    if not yes:
        typer.confirm(
            f"{service}：以现有记录为准（take what is stored as true）？", abort=True
        )
    if folder is None:
        settings = await asyncio.to_thread(Settings)
        if "owner_database_url" not in settings.model_fields_set:
            raise UsageError(
                "name the database: SHUNIU_OWNER_DATABASE_URL, or --state FOLDER"
            )
        await _declare(settings.owner_dsn(service), service)
        return
    state = State(folder)
    if not state.database.is_dir():
        raise UsageError(f"{state.folder} holds no suite: check --state")
    with state.held():
        async with embedded(state.database) as host:
            await _declare(f"postgresql://postgres@/{service}?host={host}", service)


async def _declare(dsn: str, service: str) -> None:
    connection = await connect(dsn)
    try:
        epoch = await new_epoch(connection)
    finally:
        await connection.close()
    done(f"{service} 新纪元 {epoch}（new epoch）")
