"""Debezium's PostgreSQL connector with its outbox router, in a Kafka Connect of its own."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from tests.benchmarks.peers.debezium_jars import CONNECT, PLUGINS, NoDebeziumError, fetch
from tests.benchmarks.peers.logical_postgres import LogicalPostgres
from tests.benchmarks.servers import JVM, BenchBroker
from tests.support.kafka_engines import LOGGING, free_port

CONNECTOR = "outbox"
READY_SECONDS = 120.0
EVERY_SECONDS = 0.1
LAST_WORDS = 300


class Debezium:
    """One Connect process with one connector, which can be stopped while its JVM stays warm."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
        self._process = process
        self._url = f"http://127.0.0.1:{port}/connectors/{CONNECTOR}"
        self._log = log
        self.pid = process.pid

    async def stop(self) -> None:
        """Stop the connector's task, as an operator does."""
        await self._ask("stop")
        await self._until("STOPPED", tasks=0)

    async def resume(self) -> None:
        """Start its task again."""
        await self._ask("resume")

    async def running(self) -> None:
        """Return once its task runs. Raises `NoDebeziumError`."""
        await self._until("RUNNING", tasks=1)

    def end(self) -> None:
        """End the process."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait()

    async def _ask(self, what: str) -> None:
        async with httpx.AsyncClient() as client:
            (await client.put(f"{self._url}/{what}")).raise_for_status()

    async def _until(self, state: str, tasks: int) -> None:
        until = time.monotonic() + READY_SECONDS
        async with httpx.AsyncClient() as client:
            while self._process.poll() is None and time.monotonic() < until:
                with suppress(httpx.TransportError):
                    answer = await client.get(f"{self._url}/status")
                    said = answer.json() if answer.is_success else {}
                    states = [task["state"] for task in said.get("tasks", ())]
                    if "FAILED" in states:
                        break
                    own = said.get("connector", {}).get("state")
                    if own == state and states == [state] * tasks:
                        return
                await asyncio.sleep(EVERY_SECONDS)
        words = await asyncio.to_thread(self._log.read_text, errors="replace")
        last = words.strip().rpartition("\n")[-1][:LAST_WORDS]
        raise NoDebeziumError(f"it is not {state.lower()}, and last said: {last}")


@asynccontextmanager
async def debezium_on(
    postgres: LogicalPostgres, database: str, broker: BenchBroker
) -> AsyncIterator[Debezium]:
    """Run Debezium on the table `outbox` of *database*. Raises `NoDebeziumError`."""
    if shutil.which("java") is None:
        raise NoDebeziumError("no Java: install version 17 or later")
    await asyncio.to_thread(fetch)
    folder = Path(tempfile.mkdtemp(prefix="debezium-"))
    port = free_port()
    process = _started(
        folder, _worker(folder, port, broker), _connector(postgres, database)
    )
    debezium = Debezium(process, port, folder / "connect.log")
    try:
        await debezium.running()
        yield debezium
    finally:
        await asyncio.to_thread(debezium.end)
        shutil.rmtree(folder, ignore_errors=True)


def _started(
    folder: Path, worker: Mapping[str, str], connector: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    files = {"worker.properties": worker, "connector.properties": connector}
    for name, settings in files.items():
        lines = (f"{key}={value}\n" for key, value in settings.items())
        (folder / name).write_text("".join(lines), "utf-8")
    (folder / "log4j2.properties").write_text(LOGGING)
    logging = f"-Dlog4j2.configurationFile={folder / 'log4j2.properties'}"
    main = "org.apache.kafka.connect.cli.ConnectStandalone"
    with (folder / "connect.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 Java, with words of ours
            ["java", *JVM, logging, "-cp", f"{CONNECT}/*", main]
            + [str(folder / name) for name in files],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _worker(folder: Path, port: int, broker: BenchBroker) -> dict[str, str]:
    return {
        "bootstrap.servers": broker.bootstrap,
        "plugin.path": str(PLUGINS),
        "plugin.discovery": "service_load",
        "listeners": f"http://127.0.0.1:{port}",
        "offset.storage.file.filename": str(folder / "offsets"),
        "offset.flush.interval.ms": "1000",
        "topic.creation.enable": "false",
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
        "producer.acks": "all",
        "producer.enable.idempotence": "true",
        "producer.max.in.flight.requests.per.connection": "5",
        "producer.linger.ms": "0",
        "producer.batch.size": "262144",
    }


def _connector(postgres: LogicalPostgres, database: str) -> dict[str, str]:
    return {
        "name": CONNECTOR,
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "tasks.max": "1",
        "plugin.name": "pgoutput",
        "slot.name": "bench",
        "publication.name": "bench",
        "publication.autocreate.mode": "filtered",
        "database.hostname": "127.0.0.1",
        "database.port": str(postgres.port),
        "database.user": "postgres",
        "database.password": "none",
        "database.dbname": database,
        "database.sslmode": "disable",
        "topic.prefix": "bench",
        "table.include.list": "public.outbox",
        "snapshot.mode": "no_data",
        "max.batch.size": "2048",
        "max.queue.size": "8192",
        "poll.interval.ms": "1",
        "tombstones.on.delete": "false",
        "transforms": "outbox",
        "transforms.outbox.type": "io.debezium.transforms.outbox.EventRouter",
        "transforms.outbox.route.topic.replacement": "${routedByValue}",
    }
