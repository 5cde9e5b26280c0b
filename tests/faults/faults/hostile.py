"""F17: thousands of malformed requests and calls, while others work."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import TYPE_CHECKING

import grpc
import httpx

from suite.issuer import OPERATOR
from tests.faults.fault import Fault, Inject
from tests.faults.files import Stage
from tests.faults.hostile.calls import OURS, made, wrong_call
from tests.faults.hostile.requests import Door, Request, malformed
from tests.faults.hostile.sockets import silent, wrong_bytes

if TYPE_CHECKING:
    from tests.faults.lab import Lab

AT_ONCE = 4
SILENT = 60  # connections that are held and say nothing
BUSY = (429, 503)
TOLD = ("Traceback", 'File "', "asyncpg", "sqlalchemy", "pydantic")
SERVED = ("documents", "supervision", "directory", "notifier-decider")


class HostileError(AssertionError):
    """Something wrong was answered as if it were ours, or done."""


def many(requests: int, sockets: int, calls: int) -> Inject:
    """Send so many of each."""

    async def inject(lab: "Lab", chance: Random) -> None:
        came: Counter[str] = Counter()
        faults: list[str] = []
        doors = doors_of(lab)
        port = lab.processes.programs["documents"].http_port

        async def request() -> None:
            asked = malformed(chance, doors)
            said = await _requested(lab, client, asked)
            came[said[:3]] += 1
            if problem := _fault(said):
                faults.append(f"{asked.method} {asked.path[:60]} ({asked.what}): {problem}")

        async def bytes_() -> None:
            name = chance.choice(SERVED)
            answer = await wrong_bytes(chance, lab.processes.programs[name].http_port)
            said = answer.decode("latin-1").removeprefix("HTTP/1.1 ")
            came[said[:3] or "closed"] += 1
            if said and (problem := _fault(said)):
                faults.append(f"bytes for {name}: {problem}")

        async with (
            silent(port, SILENT),
            httpx.AsyncClient(timeout=10, trust_env=False) as client,
        ):
            await _all(request, requests)
            await _all(bytes_, sockets)
        await _call(lab, chance, calls, came, faults)
        lab.note(f"malformed: {dict(came)}")
        if faults:
            raise HostileError(f"{len(faults)} faults, for instance {faults[:3]}")

    return inject


def doors_of(lab: "Lab") -> list[Door]:
    """Return doors that somebody may use, with items that are there."""
    file = lab.office.files[-1]
    signed = [f for f in lab.office.files if f.stage >= Stage.ASSIGNED]
    doors = [
        Door("li.juan", "/documents/v1/incoming", {"medium": "telegram", "title": "x"}),
        Door(
            "li.juan",
            f"/documents/v1/incoming/{file.document_id}/registration",
            {"mark": "收", "route": "for_action"},
        ),
        Door(OPERATOR, "/documents/v1/series", {"organ": "gov", "mark": "", "year": 1}),
        Door(OPERATOR, "/directory/v1/imports", {"text": 1, "format": "yaml"}),
        Door(OPERATOR, "/supervision/v1/series", {"organ": "gov", "mark": "", "year": 1}),
    ]
    for one in signed[-1:]:
        body = {"unit": "water", "spoken_to": 1}
        doors.append(Door("sun.li", f"{one.matter}/urgings", body))
        doors.append(Door("sun.li", f"{one.matter}/assignment", {"mark": "云政督"}))
    return doors


async def _requested(lab: "Lab", client: httpx.AsyncClient, asked: Request) -> str:
    """Send it; return the status and the body, or "none" where it was not answered."""
    program = lab.processes.programs[asked.service]
    headers = {name: said.encode() for name, said in asked.headers.items()}
    if asked.person is not None:
        token = lab.clerks.client(asked.person).headers["Authorization"]
        headers["Authorization"] = token.encode()
    try:
        answer = await client.request(
            asked.method,
            program.http + asked.path,
            headers=[(name.encode(), said) for name, said in headers.items()],
            content=asked.content,
        )
    except (httpx.TransportError, httpx.InvalidURL, ValueError):
        return "none"
    hint = " hinted" if "Retry-After" in answer.headers else ""
    return f"{answer.status_code}{hint} {answer.text}"


def _fault(said: str) -> str:
    """Say what is wrong with an answer to something malformed; nothing where it is as it should."""
    for trace in TOLD:
        if trace in said:
            return f"it tells of our insides: {said[:200]}"
    status = int(said[:3]) if said[:3].isdigit() else 400
    if status in BUSY and ("hinted" in said or "retry-after" in said.lower()):
        return ""
    return "" if 400 <= status < 500 else said[:200]


async def _all(work: Callable[[], Awaitable[None]], number: int) -> None:
    left = number

    async def worker() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await work()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(worker())


async def _call(
    lab: "Lab", chance: Random, calls: int, came: Counter[str], faults: list[str]
) -> None:
    port = lab.processes.programs["notifier-streamer"].grpc_port
    token = lab.clerks.client("deng.jie").headers["Authorization"]
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:

        async def call() -> None:
            code, said = await asyncio.to_thread(made, wrong_call(chance, token), channel)
            came[code.name] += 1
            if code in OURS:
                faults.append(f"a gRPC call ended with {code.name}: {said}")

        await _all(call, calls)
    for _ in range(calls // 10):
        with contextlib.suppress(OSError):
            await wrong_bytes(chance, port)


KEPT = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"})

FAULTS: Sequence[Fault] = [
    Fault(
        id="F17",
        variant="thousand",
        told="1 000 malformed requests, calls and sockets",
        invariants=KEPT,
        inject=many(700, 150, 150),
    ),
    Fault(
        id="F17",
        variant="ten_thousand",
        told="10 000 malformed requests, calls and sockets",
        invariants=KEPT,
        inject=many(7_500, 1_000, 1_500),
        seconds=600.0,
    ),
]
