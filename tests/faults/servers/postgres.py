"""PostgreSQL over TCP: killed, frozen, copied, restored, left without room. Every method blocks."""

import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.faults.servers import family
from tests.faults.servers.disk import Disk
from tests.faults.servers.folders import own_folder
from tests.faults.servers.installation import (
    PROGRAMS,
    PostgresError,
    does,
    hand_over,
    make_cluster,
    owner,
)
from tests.faults.servers.ports import HOST, free_ports

SETTINGS = """
fsync = off                     # a process that dies loses nothing by it; only a machine would
max_connections = 200
max_wal_size = 128MB
min_wal_size = 32MB
wal_keep_size = 64MB            # a standby that was away for a while finds it all
log_line_prefix = '%m [%p] %d '
"""
READY_SECONDS = 30.0
STOP_SECONDS = 15.0
OTHERS = """
from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
"""


class Postgres:
    """A cluster whose data and port outlive `stop` and `kill`."""

    def __init__(self) -> None:
        self.address: tuple[str, int] = (HOST, free_ports(1)[0])
        self.folder = own_folder("pg")
        self.folder.chmod(0o755)  # where we are root its data are another user's
        self.disk = Disk(self.folder / "data")
        self.wal_disk = Disk(self.folder / "wal")
        hand_over(self.disk.folder, self.wal_disk.folder)
        self._log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def data(self) -> Path:
        """Where its data are."""
        return self.disk.folder

    @property
    def alive(self) -> bool:
        """Whether its process runs: frozen counts, and so does not answering yet."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, for the first time or again; return once it answers.

        Raises `PostgresError`.
        """
        if not (self.data / "PG_VERSION").exists():
            make_cluster(self.data, SETTINGS)
            self.part_wal()
        self.launch()
        until = time.monotonic() + READY_SECONDS
        while not self._answers():
            if not self.alive or time.monotonic() > until:
                raise PostgresError(self.last_words())
            time.sleep(0.01)

    def launch(self) -> None:
        """Start it, without waiting until it answers; nothing where it runs."""
        if self.alive:
            return
        # The number in it may belong to another process by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        host, port = self.address
        words = ["-D", str(self.data), "-h", host, "-p", str(port), "-k", ""]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 words of ours
                [str(PROGRAMS / "postgres"), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **owner(),
            )

    def stop(self) -> None:
        """Let it shut down in order; open connections are cut."""
        if self._process is None or not self.alive:
            return
        self._process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End all its processes as a crash would."""
        self.poised()()

    def poised(self) -> Callable[[], None]:
        """Make ready to kill it at a moment's notice; return what does that."""
        process = self._process
        if process is None or not self.alive:  # else its number may be another's
            return lambda: None
        known = family.members(process.pid)

        def strike() -> None:
            if self.alive:
                killed = family.kill(process.pid, known)
                process.wait()
                family.await_gone(killed)

        return strike

    def freeze(self) -> None:
        """Let all its processes stand still, with their connections open."""
        if self._process is not None and self.alive:
            family.freeze(self._process.pid)

    def thaw(self) -> None:
        """Let them go on."""
        if self._process is not None and self.alive:
            family.thaw(self._process.pid)

    def close(self) -> None:
        """End it for good and remove its data."""
        self.kill()
        for disk in (self.disk, self.wal_disk):
            disk.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database: str, user: str = "postgres") -> str:
        """Return the address of *database* as asyncpg and libpq read it."""
        host, port = self.address
        return f"postgresql://{user}@{host}:{port}/{database}"

    def asked(self, statement: str, database: str = "postgres") -> str:
        """Run *statement* as the owner; return what comes of it. Raises `PostgresError`."""
        plain = ("--no-psqlrc", "--tuples-only", "--no-align", "--quiet")
        dsn = ("--dbname", self.dsn(database))
        return does("psql", *dsn, *plain, "--command", statement)

    def terminate_one(self, chosen: float) -> bool:
        """Terminate one client's session; *chosen*, from 0 to below 1, says which.

        False where there is none.
        """
        which = f"offset (select floor({chosen} * count(*)) {OTHERS}) limit 1"
        ended = (
            f"select count(pg_terminate_backend(pid)) from (select pid {OTHERS} {which})"  # noqa: S608 no value in it
        )
        return self.asked(ended) == "1"

    def copy(self, folder: Path, *more: str) -> None:
        """Copy its data as they are now, while it runs, into a new folder of its owner's."""
        folder.mkdir(mode=0o700)
        hand_over(folder)
        host, port = self.address
        source = f"host={host} port={port} user=postgres application_name=standby"
        plain = ("--wal-method=stream", "--checkpoint=fast", "--no-sync")
        does("pg_basebackup", "-d", source, "-D", str(folder), *plain, *more)

    def restore(self, backup: Path) -> None:
        """Replace its data by those of *backup*. It must not run."""
        if self.alive:
            raise PostgresError("stop it before its data are replaced")
        for disk in (self.disk, self.wal_disk):
            _empty(disk.folder)
        subprocess.run(["/bin/cp", "-a", f"{backup}/.", str(self.data)], check=True)  # noqa: S603 words of ours
        self.part_wal()

    def last_words(self) -> str:
        """Return the end of its log."""
        return self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""

    def part_wal(self) -> None:
        """Keep the write-ahead log on a disk of its own."""
        inside, beside = self.data / "pg_wal", self.wal_disk.folder / "pg_wal"
        if not inside.is_symlink():
            subprocess.run(["/bin/cp", "-a", str(inside), str(beside)], check=True)  # noqa: S603 words of ours
            shutil.rmtree(inside)
            inside.symlink_to(beside)
            hand_over(inside)

    def _answers(self) -> bool:
        """Read in its own file whether it takes connections."""
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text("utf-8").splitlines()
            return len(lines) > 7 and lines[7].strip() == "ready"
        return False


def _empty(folder: Path) -> None:
    for found in folder.iterdir():
        if found.is_dir() and not found.is_symlink():
            shutil.rmtree(found)
        else:
            found.unlink()
