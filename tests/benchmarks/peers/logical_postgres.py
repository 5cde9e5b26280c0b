"""The PostgreSQL that the relay is measured on: all sides pay for what Debezium needs of it."""

import os
import subprocess

from tests.benchmarks.servers import SETTINGS, DurablePostgres
from tests.support.kafka_engines import free_port


class LogicalPostgres(DurablePostgres):
    """A durable cluster whose log can be decoded, reached over TCP as well."""

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.settings = SETTINGS | {
            "wal_level": "logical",
            "listen_addresses": "'127.0.0.1'",  # Java has no Unix sockets of its own
            "port": str(self.port),
        }

    def dsn(self, database: str, user: str = "postgres") -> str:
        """Return the address of *database*, by its Unix socket."""
        return f"{super().dsn(database, user)}&port={self.port}"

    def _run(self) -> None:
        # The wheel's own way to start it closes every port; it takes over what runs already.
        server = self._server
        place = ["-D", str(self._folder), "-l", str(server.log), "-o", f"-k {self._folder}"]
        subprocess.run(  # noqa: S603 PostgreSQL, with words of ours
            [server.bin_path / "pg_ctl", "-w", *place, "start"],
            user=server.system_user if os.geteuid() == 0 else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        server.start()
