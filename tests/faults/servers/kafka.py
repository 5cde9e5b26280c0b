"""Kafka of one broker or of three, with a listener of its own for everyone who comes by a link."""

import base64
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self
from uuid import uuid4

from tests.faults.servers.broker import READY_SECONDS, Broker, BrokerError, brokers_known
from tests.faults.servers.folders import own_folder
from tests.faults.servers.ports import HOST, free_ports

FEWEST_IN_SYNC = 2  # of three: one of them may be away


class Kafka:
    """A cluster whose data and ports outlive `stop` and `kill`. Every method blocks.

    A *face* reaches broker n at `advertised[face][n]`: somebody must listen there and pass on
    to `real[face][n]`. At `bootstrap` there is nothing in between.
    """

    def __init__(self, brokers: int = 1, faces: Sequence[str] = ()) -> None:
        numbers = range(brokers)
        ports = free_ports(brokers * (2 + 2 * len(faces)))
        self._controllers = [ports.pop() for _ in numbers]
        self._direct = [ports.pop() for _ in numbers]
        self.real: Mapping[str, Sequence[int]] = {
            face: [ports.pop() for _ in numbers] for face in faces
        }
        self.advertised: Mapping[str, Sequence[int]] = {
            face: [ports.pop() for _ in numbers] for face in faces
        }
        self.bootstrap = ",".join(f"{HOST}:{port}" for port in self._direct)
        self.brokers: list[Broker] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, broker: int | None = None) -> None:
        """Start all that do not run, or one; return once they answer and know each other."""
        if not self.brokers:
            self._make()
        chosen = self._chosen(broker)
        for one in chosen:
            one.launch()
        for one in chosen:
            one.ready()
        self._meet(chosen)

    def stop(self, broker: int | None = None) -> None:
        """Let all shut down in order, or one."""
        with ThreadPoolExecutor(len(self.brokers)) as threads:
            list(threads.map(Broker.stop, self._chosen(broker)))

    def kill(self, broker: int | None = None) -> None:
        """End all as a crash would, or one."""
        for one in self._chosen(broker):
            one.kill()

    def freeze(self, broker: int | None = None) -> None:
        """Let all stand still, or one."""
        for one in self._chosen(broker):
            one.freeze()

    def thaw(self, broker: int | None = None) -> None:
        """Let all go on, or one."""
        for one in self._chosen(broker):
            one.thaw()

    def alive(self, broker: int = 0) -> bool:
        """Whether a broker's process runs: one whose disk is full ends by itself."""
        return self.brokers[broker].alive

    def fill_disk(self, broker: int | None = None) -> None:
        """Leave no broker, or one, room for another page of its log. Raises `NotHereError`."""
        for one in self._chosen(broker):
            one.disk.fill()

    def free_disk(self, broker: int | None = None) -> None:
        """Give them room again."""
        for one in self._chosen(broker):
            one.disk.free()

    def close(self) -> None:
        """End all for good and remove their data."""
        for one in self.brokers:
            one.kill()
            one.remove()
        self.brokers = []

    def _chosen(self, broker: int | None) -> list[Broker]:
        return self.brokers if broker is None else [self.brokers[broker]]

    def _meet(self, started: Sequence[Broker]) -> None:
        """Wait until those that were just started know of all that run."""
        running = sum(broker.alive for broker in self.brokers)
        until = time.monotonic() + READY_SECONDS
        while any(brokers_known(one.port) < running for one in started):
            if time.monotonic() > until:
                raise BrokerError("the brokers do not find each other")
            time.sleep(0.1)

    def _make(self) -> None:
        self.brokers = [
            Broker(own_folder("kafka"), self._settings(n), port)
            for n, port in enumerate(self._direct)
        ]
        drawn = base64.urlsafe_b64encode(uuid4().bytes).rstrip(b"=").decode()
        cluster = drawn.replace("-", "_")  # a word that began with "-" would be an option
        with ThreadPoolExecutor(len(self.brokers)) as threads:
            list(threads.map(lambda broker: broker.format(cluster), self.brokers))

    def _settings(self, number: int) -> dict[str, str]:
        many = len(self._direct) > 1
        copies, in_sync = (len(self._direct), FEWEST_IN_SYNC) if many else (1, 1)
        doors = {"DIRECT": (self._direct[number], self._direct[number])}
        for face, real in self.real.items():
            doors[_listener(face)] = (real[number], self.advertised[face][number])
        controller = f"CONTROLLER://{HOST}:{self._controllers[number]}"
        listeners = [f"{name}://{HOST}:{port}" for name, (port, _) in doors.items()]
        voters = enumerate(self._controllers, 1)
        return {
            "process.roles": "broker,controller",
            "node.id": str(number + 1),
            "controller.quorum.voters": ",".join(f"{n}@{HOST}:{p}" for n, p in voters),
            "controller.listener.names": "CONTROLLER",
            "listeners": ",".join([*listeners, controller]),
            "advertised.listeners": ",".join(
                f"{name}://{HOST}:{shown}" for name, (_, shown) in doors.items()
            ),
            "listener.security.protocol.map": ",".join(
                f"{name}:PLAINTEXT" for name in [*doors, "CONTROLLER"]
            ),
            "inter.broker.listener.name": "DIRECT",
            "default.replication.factor": str(copies),
            "min.insync.replicas": str(in_sync),
            "offsets.topic.replication.factor": str(copies),
            "offsets.topic.num.partitions": "5",
            "transaction.state.log.replication.factor": str(copies),
            "transaction.state.log.min.isr": str(in_sync),
            "transaction.state.log.num.partitions": "5",
            "share.coordinator.state.topic.replication.factor": str(copies),
            "share.coordinator.state.topic.min.isr": str(in_sync),
            "broker.heartbeat.interval.ms": "300",  # a killed broker is let back in only
            "broker.session.timeout.ms": "3000" if many else "1500",  # when this is over
            "replica.lag.time.max.ms": "5000",  # a frozen follower holds nobody up longer
            "group.initial.rebalance.delay.ms": "0",
            "auto.create.topics.enable": "false",
            "log.cleaner.dedupe.buffer.size": "2097152",  # the usual exceeds a small heap
            "log.segment.bytes": "16777216",
            "log.retention.check.interval.ms": "1000",  # what expires does so while we look
        }


def _listener(face: str) -> str:
    return "FACE_" + face.upper().replace("-", "_")
