"""One world for many runs: real servers, real processes, links that can be cut, and load."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Self

from chassis.database import connect
from chassis.log.kafka import KafkaLog
from chassis.settings import Settings
from suite.client import Client
from suite.hosting import migrate_all
from suite.issuer import OPERATOR, Issuer
from suite.local import SAMPLE, demo_settings
from suite.organisation import load_people
from suite.spread import prepare_topics
from tests.faults.checkers import trace
from tests.faults.clerk import Clerks
from tests.faults.evidence import Evidence
from tests.faults.fleet import Fleet
from tests.faults.handled import HandledKafka, HandledPostgres
from tests.faults.history import History, Phase
from tests.faults.links import HOST, Links
from tests.faults.load import Load
from tests.faults.office import Office
from tests.faults.resting import Resting
from tests.faults.sampling import Sampling
from tests.faults.servers.kafka import Kafka
from tests.faults.servers.postgres import Postgres
from tests.faults.spawning import FACES, SERVICES
from tests.faults.ticking import Ticking
from tests.faults.timeline import Timeline
from tests.faults.watching import Watching
from tests.faults.ways import Ways

RATE = 20.0  # commands a second
ORGANISATION = SAMPLE / "organisation.yaml"
BEGINS = datetime.fromisoformat("2025-04-25T09:00:00+08:00")
SERIES = {"documents": "收", "supervision": "云政督"}
PATIENCE = FIRST_SETTLED_SECONDS = 120.0


class NoLabError(Exception):
    """The world does not come to rest before anything was done to it."""


class Lab:
    """One world: `async with Lab(folder) as lab`. Its parts are what a fault handles.

    Times are seconds since it began. All that it leaves behind is in *folder*.
    """

    def __init__(
        self,
        folder: Path,
        *,
        brokers: int = 1,
        rate: float = RATE,
        seed: int = 1,
        heard: Callable[[float, str], None] = lambda *_: None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.brokers = folder, brokers
        self.phase = Phase.WARM_UP
        self.timeline = Timeline(folder / "timeline.txt", heard)
        self.history = History(folder / "history.jsonl")
        self.postgres = HandledPostgres(Postgres(), self.note)
        self.kafka = HandledKafka(Kafka(brokers, FACES), self.note)
        self.rested_at = 0.0  # when it last began to be at rest
        self._rate, self._seed = rate, seed
        self._excuses: list[Callable[[str], bool]] = []
        self.soak_seconds = 0.0
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start everything, and let it come to rest."""
        async with contextlib.AsyncExitStack() as stack:
            await self._start_servers(stack)
            self.ways = Ways(self.postgres, self.kafka, self._doors)
            stack.callback(self.ways.close)
            settings = self._settings()
            issuer = Issuer(self.folder / "keys", load_people(ORGANISATION))
            await self._prepare(settings, issuer)
            self.ticking = Ticking(lambda: self.postgres.dsn("clock"), BEGINS)
            stack.push_async_callback(self.ticking.close)
            await self.ticking.start()  # before any process looks at the clock
            self.processes = Fleet(settings, self.folder / "logs", self.ways.own, self.note)
            stack.push_async_callback(self.processes.close)
            await self.processes.start_all()
            await self._begin(stack, issuer)
            self._stack = stack.pop_all()
        self.note("the lab is ready")
        return self

    async def __aexit__(self, *error: object) -> None:
        """End everything that was started."""
        await self._stack.aclose()

    @property
    def now(self) -> float:
        """Seconds since it began: the times of history, probes and evidence."""
        return self.timeline.now

    def note(self, what: str) -> None:
        """Put *what* into the timeline."""
        self.timeline.note(what)

    def link(self, one: str, other: str) -> Links:
        """Return the link of a process to "postgres" or "kafka", or of "client" to a service.

        Clients reach documents, supervision, directory, notifier (the decider's HTTP) and
        notifier-streamer (gRPC), each through whichever of its instances runs.
        """
        return self.ways.links[one, other]

    async def lag(self) -> Mapping[str, int]:
        """Return what each service has left to do; -1 for one that does not say."""
        return await self.resting.left()

    async def settled(self, within: float = 30.0) -> float | None:
        """Wait until all are ready and done; return the seconds it took, or None."""
        began = self.now
        took = await self.resting.settled(within)
        if took is not None:
            self.rested_at = began + took
        return took

    def excuse(self, line: Callable[[str], bool]) -> None:
        """Expect log lines that a fault is bound to bring about, from now on."""
        self._excuses.append(line)

    def begin(self) -> None:
        """Begin another run."""
        self.phase = Phase.WARM_UP
        self.load.rate = self._rate
        self.sampling.samples = []

    async def healed(self) -> None:
        """Undo whatever a fault left: links, servers, processes."""
        self.ways.heal()
        await self.postgres.healed()
        await self.kafka.healed()
        await self.processes.restored()

    def evidence(self) -> Evidence:
        """Return what is known by now; a run adds its times."""
        return Evidence(
            history=self.history,
            databases={name: self.postgres.dsn(name) for name in SERVICES},
            bootstrap=self.kafka.bootstrap,
            logs=self.folder / "logs",
            secrets=frozenset(self.office.secrets) | self.clerks.tokens,
            probes=self.watching.probes,
            admin_acts=self.office.admin_acts,
            strangers=self.office.strangers,
            denials=len(
                {(a.service, a.person, a.item) for a in self.history if a.status == 403}
            ),
            compared=self.clerks.compared,
            unlike=self.clerks.unlike,
            streamed=self.watching.streamed,
            gaps=self.watching.gaps,
            spells=self.timeline.spells,
            excused=lambda line: any(excuse(line) for excuse in self._excuses),
        )

    async def _start_servers(self, stack: contextlib.AsyncExitStack) -> None:
        stack.push_async_callback(asyncio.to_thread, self._close_servers)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.postgres.start())
            tasks.create_task(self.kafka.start())

    def _close_servers(self) -> None:
        self.postgres.server.close()
        self.kafka.servers.close()

    def _doors(self, name: str) -> list[tuple[str, int]]:
        """Return where whoever serves *name* listens."""
        if name == "notifier-streamer":
            return [(HOST, p.grpc_port) for p in self.processes.instances(name)]
        called = "notifier-decider" if name == "notifier" else name
        return [(HOST, p.http_port) for p in self.processes.instances(called)]

    def _settings(self) -> Settings:
        given = {
            "database_url": self.postgres.dsn("{database}", "{role}"),
            "owner_database_url": self.postgres.dsn("{database}"),
        }
        return demo_settings(
            "",
            self.folder / "keys",
            ORGANISATION,
            [BEGINS.year],
            log="kafka",
            kafka_bootstrap_servers=self.kafka.bootstrap,
            kafka_replication=self.brokers,
        ).model_copy(update=given)

    async def _prepare(self, settings: Settings, issuer: Issuer) -> None:
        issuer.prepare()
        await migrate_all(settings, SERVICES)
        for name in SERVICES:
            owner = await connect(settings.owner_dsn(name))
            await trace.install(owner)
            await owner.close()
        log = KafkaLog(self.kafka.bootstrap, self.brokers)
        try:
            await prepare_topics(log, self.kafka.bootstrap, fresh=True)
        finally:
            await log.close()

    async def _begin(self, stack: contextlib.AsyncExitStack, issuer: Issuer) -> None:
        """Tell the services who is who, and let clients come."""
        tokens = {p: issuer.token(p) for p in [OPERATOR, *load_people(ORGANISATION).people]}
        token = tokens.__getitem__
        self.resting = Resting(self.processes, token)
        await stack.enter_async_context(self.resting.client)
        body = {"text": ORGANISATION.read_text("utf-8"), "format": "yaml"}
        async with Client(self.resting.addresses, token, patience=PATIENCE) as client:
            await client.post(OPERATOR, "/directory/v1/imports", body)
            for service, mark in SERIES.items():
                series = {"organ": "gov", "mark": mark, "year": BEGINS.year, "last": 0}
                await client.post(OPERATOR, f"/{service}/v1/series", series)
        if await self.settled(FIRST_SETTLED_SECONDS) is None:
            raise NoLabError(f"left to do: {await self.lag()}")
        self._let_clients_come(stack, token)

    def _let_clients_come(
        self, stack: contextlib.AsyncExitStack, token: Callable[[str], str]
    ) -> None:
        chance = Random(self._seed)  # noqa: S311 it has to be repeatable
        ports = {name: self.link("client", name).links[0].port for name in SERVICES}
        doors = {name: f"http://{HOST}:{port}" for name, port in ports.items()}
        self.office = Office(chance, lambda: self.now)
        self.clerks = Clerks(
            doors, token, self.history, lambda: (self.phase, self.now), chance
        )
        stack.push_async_callback(self.clerks.close)
        self.load = Load(self.office, self.clerks, chance, self._rate)
        stack.push_async_callback(self.load.close)
        self.load.start()
        self.sampling = Sampling(self.processes, lambda: self.now)
        stack.push_async_callback(self.sampling.close)
        self.watching = Watching(lambda: self.now, self.note)
        stack.push_async_callback(self.watching.close)
        stream = f"{HOST}:{self.link('client', 'notifier-streamer').links[0].port}"
        self.watching.watch(self.processes, doors, stream, token)
