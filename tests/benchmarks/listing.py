"""The list of what is open: by what an office may see, over HTTP, among very many matters."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote
from uuid import UUID

from chassis.database import Session, connect, open_engine
from chassis.http import page
from chassis.migrate import migrate
from chassis.settings import Settings
from services.supervision.projections.matter_lists import COLUMNS, OPEN
from tests.benchmarks.curves import FLOOR, OURS, Curve, Growing
from tests.benchmarks.figures import Bar, Figure, Run, Tally, latencies
from tests.benchmarks.http_client import Lines
from tests.benchmarks.http_process import serving, token
from tests.benchmarks.lab import Lab, tenfolds
from tests.benchmarks.list_rows import TABLE, fill, make_table

NAME = "list"
SERVICE = "supervision"
OFFICER, ORGAN = "wang.lei", "gov"
MATTERS, TODAY = "/supervision/v1/matters", "/supervision/v1/today"
FIRST = 1_000
PAGE = 50
CLIENTS = 8
BARS = [Bar(measure="p50", limit=20), Bar(measure="p99", limit=100)]
NAMES = ", ".join(column.name for column in COLUMNS)
MINE = "status <> 'closed' and (organ = $1 or addressed_organ = $1)"
PLAIN = f"""
select matter_id from {TABLE} where {MINE} order by due, matter_id offset $2 limit $3
"""  # noqa: S608 ours
DUE = f"select due from {TABLE} where matter_id = $1"  # noqa: S608 ours
BRANCH = f"""
    select page.* from unnest($2::text[]) s cross join lateral (
        select due, matter_id from {TABLE} where {{by}} = $1 and status = s
            and (due, matter_id) > ($3, $4)
        order by due, matter_id limit $5) page
"""  # noqa: S608 ours
BY_HAND = f"""
select {NAMES} from {TABLE} where matter_id in (
    select matter_id from (
        {BRANCH.format(by="organ")} union {BRANCH.format(by="addressed_organ")}
    ) found order by due, matter_id limit $5
) order by due, matter_id
"""  # noqa: S608 ours
EARLIEST = (datetime(2000, 1, 1, tzinfo=UTC), UUID(int=0))
LONG_SECONDS = 600.0


class Office:
    """An office's list over HTTP, and the same rows by hand."""

    def __init__(
        self, lab: Lab, server: int, lines: Lines, owner: Session, session: Session
    ) -> None:
        self._lab = lab
        self._server = server
        self._lines = lines
        self._owner = owner
        self._session = session
        self.wanted: list[UUID] = []
        self.place = EARLIEST

    async def look(self, skipped: int) -> str:
        """Find the page after so many matters in the plain way; return its path."""
        if not skipped:
            self.wanted, self.place = await self._plainly(0, PAGE), EARLIEST
            return MATTERS
        (last, *self.wanted) = await self._plainly(skipped - 1, PAGE + 1)
        due = await self._owner.fetchval(DUE, last)
        self.place = (due, last)
        cursor = page([self.place, self.place], 1, lambda place: place).next or ""
        return f"{MATTERS}?cursor={quote(cursor)}"

    async def _plainly(self, skipped: int, count: int) -> list[UUID]:
        rows = await self._owner.fetch(PLAIN, ORGAN, skipped, count, timeout=LONG_SECONDS)
        return [row["matter_id"] for row in rows]

    async def over_http(self, path: str, clients: int = 1) -> Run:
        """Ask for a page, again and again; the matters on it are those that should be there."""

        async def ask() -> list[UUID]:
            answer = json.loads(await self._lines.get(path))
            return [UUID(item["matter_id"]) for item in answer["items"]]

        return await self._asked(ask, clients, self._server)

    async def by_hand(self) -> Run:
        """Ask PostgreSQL for the same page."""

        async def ask() -> list[UUID]:
            rows = await self._session.fetch(BY_HAND, ORGAN, OPEN, *self.place, PAGE)
            return [row["matter_id"] for row in rows]

        return await self._asked(ask, 1, None)

    async def today(self) -> list[float]:
        """Return the ms that the first screen's part takes, each time."""
        taken = []
        for _ in range(self._lab.sizes.asked // CLIENTS):
            began = time.perf_counter()
            await self._lines.get(TODAY)
            taken.append((time.perf_counter() - began) * 1000)
        return taken

    async def _asked(
        self, ask: Callable[[], Awaitable[list[UUID]]], clients: int, server: int | None
    ) -> Run:
        times = self._lab.sizes.asked // clients
        taken: list[float] = []
        found: list[list[UUID]] = []

        async def client() -> None:
            for _ in range(times):
                began = time.perf_counter()
                found.append(await ask())
                taken.append((time.perf_counter() - began) * 1000)

        await ask()
        with self._lab.meter(server) as meter:
            await asyncio.gather(*(client() for _ in range(clients)))
        if self._lines.refused:
            raise RuntimeError(f"not every answer was 200: {self._lines.last_words}")
        right = sum(
            one == other
            for ids in found
            for one, other in zip(ids, self.wanted, strict=False)
        )
        tally = Tally(
            expected=len(self.wanted) * len(found),
            found=sum(map(len, found)),
            distinct=right,
        )
        rate = {"rate": len(found) / meter.seconds} if clients > 1 else {}
        return Run(
            measures=rate | latencies(taken), events=len(found), tally=tally, cpu=meter.cpu
        )


async def measure(lab: Lab) -> Sequence[Figure | Curve]:
    """Ask for the first page and one deep in, among ten times as many matters each time."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings' own argument
        profile="demo",
        database_url=lab.postgres.dsn("{database}", "{role}"),
        owner_database_url=lab.postgres.dsn("{database}"),
    )
    async with lab.dropped(SERVICE):
        return await _among_more_and_more(lab, settings)


async def _among_more_and_more(lab: Lab, settings: Settings) -> Sequence[Figure | Curve]:
    await migrate(settings, SERVICE, "service")
    await migrate(settings, "keys", "keys")
    await migrate(settings, "log", "log")
    engine = open_engine(settings.dsn(SERVICE), 1)
    await make_table(engine)
    await engine.dispose()
    curve, figures = Growing(), []
    async with AsyncExitStack() as stack:
        sessions = [await connect(settings.owner_dsn(SERVICE)) for _ in range(2)]
        for session in sessions:
            stack.push_async_callback(session.close)
        served = await stack.enter_async_context(serving(settings, "door", SERVICE))
        lines = Lines(served.port, token(served.folder, OFFICER), CLIENTS)
        await lines.open()
        stack.callback(lines.close)
        office, before = Office(lab, served.pid, lines, *sessions), 0
        for at in tenfolds(FIRST, lab.sizes.listed):
            await fill(sessions[0], before, at)
            before = at
            lab.say(f"{at} matters are open")
            figures = await _looked(lab, office, curve, at)
    return [*figures, curve.curve(NAME, "list-by-items", held=(OURS, "deep", "today"))]


async def _looked(lab: Lab, office: Office, curve: Growing, at: int) -> list[Figure]:
    figures = []
    for line, what, skipped in (
        (OURS, "first page", 0),
        ("deep", "a page deep in", at // 3),
    ):
        path = await office.look(skipped)
        load = f"{at} open matters, {what}"
        own, floor = await lab.compared(
            load, partial(office.over_http, path), office.by_hand
        )
        figures.append(_figure(lab, load, own, floor))
        curve.add(line, at, *(run.measures["p50"] for run in own))
        if line == OURS:
            curve.add(FLOOR, at, *(run.measures["p50"] for run in floor))
            many = [await office.over_http(path, CLIENTS) for _ in range(lab.sizes.runs)]
            figures.append(_figure(lab, f"{load}, {CLIENTS} clients", many, (), bars=()))
    curve.add("today", at, *await office.today())
    for figure in figures:
        curve.count(figure.tally)
    return figures


def _figure(
    lab: Lab,
    load: str,
    own: Sequence[Run],
    floor: Sequence[Run],
    bars: Sequence[Bar] = BARS,
) -> Figure:
    return Figure(bench=NAME, load=load, fsync=lab.fsync, ours=own, floor=floor, bars=bars)
