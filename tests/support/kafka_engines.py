"""How a broker of the test run's own is run: as a child process, or in a container."""

import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tests.support.kafka_jars import KAFKA_VERSION, fetch_jars

IN_ORDER_WITHIN = 30.0
LOGGING = """\
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %c - %m%n
"""


class Engine(Protocol):
    """Starts and ends one broker, again and again, on the same port and data."""

    def start(self) -> None:
        """Start it, without waiting until it is ready."""

    def end(self, *, at_once: bool) -> None:
        """End it and wait for its end: with SIGKILL if *at_once*, else in order."""

    def alive(self) -> bool:
        """Return whether it runs."""
        ...

    def last_words(self) -> str:
        """Return the end of its log."""
        ...

    def remove(self) -> None:
        """Remove its data."""


class JavaEngine:
    """A child process. Nothing stands between: its pid is the broker's, so SIGKILL hits that."""

    def __init__(self, port: int) -> None:
        self._jars = fetch_jars()
        self._folder = Path(tempfile.mkdtemp(prefix="kafka-"))
        self._settings = self._folder / "server.properties"
        self._log = self._folder / "broker.log"
        self._process: subprocess.Popen[bytes] | None = None
        settings = _settings("127.0.0.1", port, free_port())
        settings["log.dirs"] = str(self._folder / "data")
        self._settings.write_text("".join(f"{k}={v}\n" for k, v in settings.items()))
        (self._folder / "log4j2.properties").write_text(LOGGING)
        cluster = self._storage("random-uuid").split()[-1]
        self._storage("format", "-t", cluster, "-c", str(self._settings))

    def start(self) -> None:
        """Start it, without waiting until it is ready."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                self._java("kafka.Kafka", str(self._settings)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def end(self, *, at_once: bool) -> None:
        """End it and wait for its end: with SIGKILL if *at_once*, else in order."""
        if self._process is None:
            return
        if not at_once:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(IN_ORDER_WITHIN)
        self._process.kill()
        self._process.wait()
        self._process = None

    def alive(self) -> bool:
        """Return whether it runs."""
        return self._process is not None and self._process.poll() is None

    def last_words(self) -> str:
        """Return the end of its log."""
        return self._log.read_text(errors="replace")[-4000:]

    def remove(self) -> None:
        """Remove its data."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _java(self, *arguments: str) -> list[str]:
        small = ["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        logging = f"-Dlog4j2.configurationFile={self._folder / 'log4j2.properties'}"
        return ["java", *small, logging, "-cp", f"{self._jars}/*", *arguments]

    def _storage(self, *arguments: str) -> str:
        return _run(self._java("kafka.tools.StorageTool", *arguments))


class DockerEngine:
    """A container of Apache's own image."""

    def __init__(self, port: int) -> None:
        # The broker also calls itself under its advertised address: the same port inside.
        settings = _settings("", port, port + 1 if port < 65535 else port - 1)
        named = {"KAFKA_HEAP_OPTS": "-Xms128m -Xmx512m"} | {
            f"KAFKA_{key.upper().replace('.', '_')}": value
            for key, value in settings.items()
        }
        environment = [
            item for key, value in named.items() for item in ("-e", f"{key}={value}")
        ]
        publish = ["-p", f"127.0.0.1:{port}:{port}"]
        image = f"apache/kafka:{KAFKA_VERSION}"
        self._id = _run(["docker", "create", *publish, *environment, image]).split()[-1]

    def start(self) -> None:
        """Start it, without waiting until it is ready."""
        _run(["docker", "start", self._id])

    def end(self, *, at_once: bool) -> None:
        """End it and wait for its end: with SIGKILL if *at_once*, else in order."""
        if self.alive():
            how = ["kill"] if at_once else ["stop", "--time", str(int(IN_ORDER_WITHIN))]
            _run(["docker", *how, self._id])
            _run(["docker", "wait", self._id])

    def alive(self) -> bool:
        """Return whether it runs."""
        return _run(["docker", "inspect", "-f", "{{.State.Running}}", self._id]) == "true\n"

    def last_words(self) -> str:
        """Return the end of its log."""
        return _run(["docker", "logs", "--tail", "40", self._id])

    def remove(self) -> None:
        """Remove its data."""
        _run(["docker", "rm", "--force", "--volumes", self._id])


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = f"{done.stdout}{done.stderr}"[-4000:]
        raise RuntimeError(f"{command[0]} failed:\n{said}")
    return done.stdout


def _settings(host: str, port: int, controller: int) -> dict[str, str]:
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "5",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "5",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "broker.heartbeat.interval.ms": "300",  # a killed broker is let back in only
        "broker.session.timeout.ms": "1500",  # when its old session has run out
        "group.initial.rebalance.delay.ms": "0",
        "auto.create.topics.enable": "false",
        "log.cleaner.dedupe.buffer.size": "2097152",  # the usual one exceeds a small heap
        "log.segment.bytes": "16777216",
    }
