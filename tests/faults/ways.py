"""The ways of a lab: a link from each process to each server, and from clients to services."""

from collections.abc import Callable, Sequence

from tests.faults.handled import HandledKafka, HandledPostgres
from tests.faults.links import HOST, Link, Links
from tests.faults.spawning import FACES, SERVICES

DOORS = (*SERVICES, "notifier-streamer")
"""What clients reach: HTTP of each service, and gRPC of the streamer."""


class Ways:
    """All links, by who reaches whom. *doors* says where whoever serves a name listens now."""

    def __init__(
        self,
        postgres: HandledPostgres,
        kafka: HandledKafka,
        doors: Callable[[str], Sequence[tuple[str, int]]],
    ) -> None:
        self.links: dict[tuple[str, str], Links] = {}
        for face in FACES:
            to_postgres = Link(f"{face}-postgres", lambda: [postgres.server.address])
            self.links[face, "postgres"] = Links([to_postgres])
            self.links[face, "kafka"] = Links(_to_brokers(face, kafka))
        for name in DOORS:
            to_service = Link(f"client-{name}", lambda name=name: doors(name))  # type: ignore[misc]
            self.links["client", name] = Links([to_service])

    def own(self, name: str) -> dict[str, str]:
        """Return what the process *name* is told of its own way to the servers."""
        (postgres,) = self.links[name, "postgres"].links
        kafka = [f"{HOST}:{link.port}" for link in self.links[name, "kafka"].links]
        address = f"{{role}}@{HOST}:{postgres.port}/{{database}}?sslmode=disable"
        return {
            "SHUNIU_DATABASE_URL": f"postgresql://{address}",
            "SHUNIU_KAFKA_BOOTSTRAP_SERVERS": ",".join(kafka),
        }

    def heal(self) -> None:
        """Let every link be a good one."""
        for links in self.links.values():
            links.heal()

    def close(self) -> None:
        """End all for good."""
        for links in self.links.values():
            links.close()


def _to_brokers(face: str, kafka: HandledKafka) -> list[Link]:
    """Return a link to each broker, which tells its clients the link's port as its own."""
    real, shown = kafka.servers.real[face], kafka.servers.advertised[face]
    return [
        Link(f"{face}-kafka-{n}", lambda port=port: [(HOST, port)], shown[n])  # type: ignore[misc]
        for n, port in enumerate(real)
    ]
