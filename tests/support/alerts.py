"""A process of alert streams on a database of its own, mailboxes to fill, clients to read."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import grpc
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from sqlalchemy import text

from chassis.calendars import load_calendar
from chassis.clock import Clock
from chassis.database import connect
from chassis.log.embedded import EmbeddedLog
from chassis.migrate import migrate
from chassis.rpc import Server, open_server
from chassis.rpc.server import OPTIONS
from chassis.service import Duties, Running, open_service
from chassis.settings import Settings
from services.notifier.projections.mailbox import Alert, deliver
from services.notifier.rpc import Limits, rpc
from services.notifier.rpc.limits import Bounds
from services.notifier.rpc.streams import Streams
from services.notifier.service import SERVICE
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu.notifier.v1 import alert_stream_pb2_grpc as stream_pb
from shuniu.notifier.v1 import inbox_pb2_grpc as inbox_pb
from tests.support.alert_clients import Client, refused
from tests.support.memory_keys import MemoryKeyRing
from tests.support.postgres import Postgres
from tests.support.samples import NOON
from tests.support.service import eventually

__all__ = ["Client", "Mailboxes", "Process", "alert", "mailboxes_in", "refused"]

ISSUER = "urn:shuniu:tests"
SOON = Bounds(least=0.2, most=600, default=30)
QUICK = Limits(
    ack_deadline=SOON,
    progress=Bounds(least=0.1, most=60, default=15),
    lease=Bounds(least=0.1, most=600, default=30),
    flush=0.05,
)
AGED = text(
    "update notifier.alert set recorded_at = recorded_at - cast(:age as interval) where alert_id = :alert_id"
)


class HandClock:
    """A clock that stands where it was put."""

    async def now(self) -> datetime:
        """Return noon."""
        return NOON


class Mailboxes:
    """The notifier's database, and its processes."""

    def __init__(self, settings: Settings, key: ECKey) -> None:
        self.settings = settings
        self._key = key
        self.owner: Any = None

    def token(self, person: str, seconds: float = 3600) -> str:
        """Return a token for *person*."""
        claims = {
            "iss": ISSUER,
            "aud": self.settings.oidc_audience,
            "sub": person,
            "exp": time.time() + seconds,
            "unit": "documents-section",
            "organ": "gov",
        }
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Running]:
        """Open the service as a streamer does: it follows and consumes nothing."""
        calendar = load_calendar([2025], None, zone=self.settings.tz)
        running = await open_service(
            SERVICE,
            self.settings,
            log=EmbeddedLog(self.settings.dsn("log")),  # of which a streamer has no need
            clock=cast("Clock", HandClock()),
            keys=MemoryKeyRing(),
            shared={"calendar": calendar},
            duties=Duties(works=False, calls=False),
        )
        try:
            yield running
        finally:
            await running.stop()

    @asynccontextmanager
    async def process(
        self, limits: Limits = QUICK, options: Any = OPTIONS
    ) -> AsyncIterator["Process"]:
        """Run one process of streams."""
        async with self.opened() as running:
            services = rpc(running.parts, limits)
            server, port = await open_server("127.0.0.1", 0, services, options)
            process = Process(self, running, server, f"127.0.0.1:{port}")
            process.streams = cast("Any", services[0].servicer).streams
            try:
                async with grpc.aio.insecure_channel(process.address) as channel:
                    process.channel = channel
                    yield process
                    for client in process.clients:
                        await client.close()
            finally:
                await server.stop(0.2)
            await eventually(lambda: process.streams.idle, within=3)


class Process:
    """A running process of streams, and a channel to it."""

    channel: grpc.aio.Channel
    streams: Streams

    def __init__(
        self, home: Mailboxes, running: Running, server: Server, address: str
    ) -> None:
        self.home = home
        self.running = running
        self.server = server
        self.address = address
        self.clients: list[Client] = []

    async def tell(self, person: str, count: int = 1, **facts: Any) -> list[UUID]:
        """Deliver alerts to *person*, in one transaction; *age_days* ago, where it is given."""
        age = timedelta(days=facts.get("age_days", 0))
        told = [alert(**facts) for _ in range(count)]
        async with self.running.parts.engine.begin() as connection:
            for one in told:
                await deliver(connection, one, [(person, "")])
                await connection.execute(AGED, {"alert_id": one.alert_id, "age": age})
        return [one.alert_id for one in told]

    def metadata(self, person: str) -> Any:
        """Return what proves that *person* calls."""
        return (("authorization", f"Bearer {self.home.token(person)}"),)

    def stub(self, channel: grpc.aio.Channel | None = None) -> Any:
        """Return a stub of the stream."""
        return stream_pb.AlertStreamStub(channel or self.channel)

    def inbox(self) -> Any:
        """Return a stub of the inbox."""
        return inbox_pb.InboxStub(self.channel)

    async def subscribe(
        self,
        person: str,
        device: str = "desk",
        *,
        channel: Any = None,
        token: str | None = None,
        **wanted: Any,
    ) -> "Client":
        """Open a stream; its `opened` is read when it is wanted."""
        metadata = (
            (("authorization", f"Bearer {token}"),) if token else self.metadata(person)
        )
        client = Client(self.stub(channel).Subscribe(metadata=metadata))
        self.clients.append(client)
        await client.send(open=pb.SubscribeOpen(device_id=device, **wanted))
        return client

    async def rows(self, query: str, *args: Any) -> list[Any]:
        """Ask the database, past all doors."""
        return cast("list[Any]", await self.home.owner.fetch(query, *args))


def alert(
    *,
    kind: str = "deadline.approaching",
    severity: str = "notice",
    age_days: float = 0,
    entity: UUID | None = None,
    **args: Any,
) -> Alert:
    """Return an alert about a matter."""
    at = NOON - timedelta(days=age_days)
    return Alert(
        alert_id=uuid4(),
        rule="N-NEAR",
        kind=kind,
        severity=severity,
        entity_type="matter",
        entity_id=entity or uuid4(),
        entity_number="云政督〔2025〕1号",
        args={"due": NOON.isoformat(), **args},
        occurred_at=at,
        created_at=at,
        deadline_at=None,
        event_id=str(uuid4()),
        event_type="shuniu.supervision.v1.MatterNearDue",
        topic="public.supervision.matter.v1",
        correlation_id=uuid4(),
    )


@asynccontextmanager
async def mailboxes_in(postgres: Postgres, folder: Path) -> AsyncIterator[Mailboxes]:
    """Create the notifier's database anew."""
    key = ECKey.generate_key("P-256", auto_kid=True)
    jwks = folder / "jwks.json"
    jwks.write_text(json.dumps(KeySet([key]).as_dict(private=False)), "utf-8")
    settings = Settings(
        profile="demo",
        database_url=postgres.dsn("{database}", "{role}"),
        owner_database_url=postgres.dsn("{database}"),
        oidc_issuer=ISSUER,
        oidc_jwks=str(jwks),
        calendar_years=[2025],
        pool_size=5,
    )
    server = await connect(settings.owner_dsn("postgres"))
    await server.execute("drop database if exists notifier with (force)")
    await migrate(settings, "notifier", "service")
    await migrate(settings, "notifier", "notifier")
    home = Mailboxes(settings, key)
    home.owner = await connect(settings.owner_dsn("notifier"))
    try:
        yield home
    finally:
        await home.owner.close()
        await server.execute("drop database if exists notifier with (force)")
        await server.close()
