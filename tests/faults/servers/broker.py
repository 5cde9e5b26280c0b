"""One Kafka broker, a controller as well, as a process of its own."""

import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.faults.servers import family
from tests.faults.servers.disk import Disk
from tests.faults.servers.ports import HOST
from tests.support.kafka import answers
from tests.support.kafka_engines import LOGGING
from tests.support.kafka_jars import fetch_jars

IN_ORDER_SECONDS = 30.0
READY_SECONDS = 90.0
JAVA = ("-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


class BrokerError(Exception):
    """A broker did not start; the message is what it said last."""


class Broker:
    """A broker whose data and ports outlive `stop` and `kill`."""

    def __init__(self, folder: Path, settings: Mapping[str, str], port: int) -> None:
        self.port = port
        self.disk = Disk(folder / "disk")
        self._folder = folder
        self._settings = folder / "server.properties"
        self._log = folder / "broker.log"
        self._process: subprocess.Popen[bytes] | None = None
        given = {**settings, "log.dirs": str(self.disk.folder / "data")}
        self._settings.write_text("".join(f"{k}={v}\n" for k, v in given.items()), "utf-8")
        (folder / "log4j2.properties").write_text(LOGGING, "utf-8")

    def format(self, cluster: str) -> None:
        """Make its storage that of *cluster*."""
        tool = ("kafka.tools.StorageTool", "format", "-t", cluster, "-c")
        done = subprocess.run(  # noqa: S603 words of ours
            self._java(*tool, str(self._settings)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BrokerError(f"{done.stdout}{done.stderr}"[-2000:])

    @property
    def alive(self) -> bool:
        """Whether its process runs: frozen counts."""
        return self._process is not None and self._process.poll() is None

    def launch(self) -> None:
        """Start it, without waiting until it is ready; nothing where it runs."""
        if self.alive:
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 words of ours
                self._java("kafka.Kafka", str(self._settings)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ready(self) -> None:
        """Wait until it answers. Raises `BrokerError`."""
        until = time.monotonic() + READY_SECONDS
        while not answers(self.port):
            if not self.alive or time.monotonic() > until:
                raise BrokerError(self._log.read_text(errors="replace")[-2000:])
            time.sleep(0.1)

    def stop(self) -> None:
        """Let it shut down in order, or end it where it takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(IN_ORDER_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it stand still, with its connections open."""
        if self._process is not None and self.alive:
            family.freeze(self._process.pid)

    def thaw(self) -> None:
        """Let it go on."""
        if self._process is not None and self.alive:
            family.thaw(self._process.pid)

    def remove(self) -> None:
        """Remove its data."""
        self.disk.remove()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _java(self, *words: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={self._folder / 'log4j2.properties'}"
        return ["java", *JAVA, logging, "-cp", f"{fetch_jars()}/*", *words]


def brokers_known(port: int) -> int:
    """Return how many brokers the one at *port* takes to be alive; 0 where it does not say."""
    metadata = struct.pack(
        ">hhihi", 3, 0, 1, -1, 0
    )  # Metadata v0: no client id, all topics
    with suppress(OSError), socket.create_connection((HOST, port), timeout=2) as connection:
        connection.sendall(struct.pack(">i", len(metadata)) + metadata)
        answer = connection.makefile("rb").read(12)
        if len(answer) == 12:
            return int(struct.unpack(">iii", answer)[2])
    return 0
