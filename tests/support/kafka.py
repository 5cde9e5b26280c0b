"""A real Apache Kafka broker for the tests: one of the run's own, or one it is told to use.

Looked for in this order: `KAFKA_BOOTSTRAP_SERVERS` (that broker is used and nothing is
started), Java with jars that Maven fetches once into `.tools/kafka`, a Docker engine.
"""

import os
import re
import shutil
import socket
import struct
import subprocess
import time
from functools import cache
from typing import Self

from tests.support.kafka_engines import DockerEngine, Engine, JavaEngine, free_port
from tests.support.kafka_jars import jars_are_here, maven

READY_WITHIN = 60.0
OLDEST_JAVA = 17
NOT_HERE = (
    f"no Kafka broker: install Java {OLDEST_JAVA} or later and Maven, or start Docker, "
    "or name a broker in KAFKA_BOOTSTRAP_SERVERS"
)


@cache
def kafka_available() -> str | None:
    """Return None where tests can have a broker, else why not and what to do about it."""
    if os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or _java() or _docker():
        return None
    return NOT_HERE


class KafkaBroker:
    """A single broker on 127.0.0.1.

    Its port and its data outlive `stop` and `kill`: `start` brings the same broker back.
    Every method blocks: from a coroutine, call it through `asyncio.to_thread`.
    """

    def __init__(self) -> None:
        named = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
        self._port = free_port()
        self._engine: Engine | None = None
        self.is_ours = not named
        self.bootstrap = named or f"127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the broker, for the first time or again, and return once it answers."""
        if not self.is_ours:
            return
        if self._engine is None:
            self._engine = self._choose_engine()
        self._engine.start()
        give_up = time.monotonic() + READY_WITHIN
        while not answers(self._port):
            if not self._engine.alive() or time.monotonic() > give_up:
                last_words = self._engine.last_words()
                self.close()
                raise RuntimeError(f"Kafka did not start:\n{last_words}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Let the broker shut down in order."""
        if self._engine is not None:
            self._engine.end(at_once=False)

    def kill(self) -> None:
        """End the broker as a crash would, with SIGKILL."""
        if self._engine is None:
            raise RuntimeError("a broker that this run did not start is not for it to kill")
        self._engine.end(at_once=True)

    def close(self) -> None:
        """End the broker for good and remove its data."""
        if self._engine is not None:
            self._engine.end(at_once=True)
            self._engine.remove()
            self._engine = None

    def _choose_engine(self) -> Engine:
        reason = kafka_available()
        if reason is not None:
            raise RuntimeError(reason)
        return JavaEngine(self._port) if _java() else DockerEngine(self._port)


def answers(port: int) -> bool:
    """Return whether the broker at *port* names at least one live broker in its metadata."""
    metadata = struct.pack(
        ">hhihi", 3, 0, 1, -1, 0
    )  # Metadata v0: no client id, all topics
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(metadata)) + metadata)
            answer = connection.makefile("rb").read(12)
    except OSError:
        return False
    if len(answer) < 12:
        return False
    _, _, brokers = struct.unpack(">iii", answer)
    return bool(brokers)


@cache
def _java() -> bool:
    version = re.search(r'version "(\d+)', _said("java", "-version"))
    new_enough = version is not None and int(version[1]) >= OLDEST_JAVA
    return new_enough and (jars_are_here() or bool(maven()))


@cache
def _docker() -> bool:
    return bool(_said("docker", "info"))


def _said(*command: str) -> str:
    """Return what *command* says, empty where it is missing, fails or hangs."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
            timeout=20,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
