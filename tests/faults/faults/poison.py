"""F16: what nobody can read stands on our topics, for keys of its own and for real ones."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaProducer

from chassis.public import CONTENT_TYPE
from suite.issuer import OPERATOR
from tests.faults.clerk import command_id
from tests.faults.fault import Fault
from tests.support.service import eventually

if TYPE_CHECKING:
    from tests.faults.lab import Lab

TOPIC = "public.documents.incoming.v1"
GIVEN = "shuniu.documents.v1.InstructionGiven"  # what supervision acts upon
OVERSIZE = 1_050_000  # more than our own producers send, less than the topic takes
CONSUMERS = {"supervision": "supervision.main", "notifier": "notifier.main"}
PARKED_SECONDS = 30.0
PARKED = """
select count(*) from feed.parked where consumer = $1 and topic = $2 and headers ->> 'ce_id' = any($3)
"""
FIRST = """
select parked_id from feed.parked where consumer = $1 and topic = $2 and key = $3
order by "offset" limit 1
"""
Headers = list[tuple[str, bytes]]
Tell = Callable[[bytes | None, Headers, bytes | None], Awaitable[None]]


def _headers(**changed: bytes | None) -> Headers:
    """Return the headers of a public event, with some of them changed or left out."""
    plain: dict[str, bytes | None] = {
        "ce_specversion": b"1.0",
        "ce_id": str(uuid4()).encode(),
        "ce_source": b"/shuniu/tests/elsewhere",
        "ce_type": GIVEN.encode(),
        "ce_subject": str(uuid4()).encode(),
        "ce_time": b"2025-04-25T16:40:00+08:00",
        "content-type": CONTENT_TYPE.encode(),
    }
    return [(n, value) for n, value in (plain | changed).items() if value is not None]


def poisons(chance: Random) -> Mapping[str, tuple[Headers, bytes | None]]:
    """Return one of each kind: what is wrong, the headers, the value."""
    noise = chance.randbytes(200)
    return {
        "bad protobuf": (_headers(), b"\xff" + noise),
        "no id": (_headers(ce_id=None), b""),
        "no value": (_headers(), None),
        "oversize": (_headers(), b"\xff" * OVERSIZE),
        "unknown classification": (_headers(ce_dataclassification=b"secret"), b""),
        "future version of CloudEvents": (_headers(ce_specversion=b"2.0"), b""),
        "no headers": ([], noise),
        "headers of noise": ([("ce_id", noise), ("\u6bd2", b"\xff\0")], noise),
        "time without an offset": (_headers(ce_time=b"2025-04-25T16:40:00"), b""),
        "a number that is none": (_headers(ce_sequence=b"one"), b""),
        "a story that is none": (_headers(ce_correlationid=b"x"), b""),
    }


def passing(chance: Random) -> Sequence[Headers]:
    """Return what is strange and not for us: types that a newer program may know."""
    return [
        _headers(ce_type=b"shuniu.documents.v1.NobodyKnowsThis"),
        _headers(ce_type=b"shuniu.documents.v2.InstructionGiven"),
        _headers(ce_type=chance.randbytes(20).hex().encode()),
    ]


async def _strange(lab: "Lab", chance: Random) -> None:
    """Let one of each kind stand under a key of its own, and behind each something harmless."""
    waiting: list[bytes] = []
    async with _telling(lab) as tell:
        for what, (headers, value) in poisons(chance).items():
            key = str(UUID(int=chance.getrandbits(128))).encode()
            lab.note(f"poison: {what}")
            await tell(key, headers, value)
            behind = _headers(ce_type=b"shuniu.documents.v1.Behind")
            await tell(key, behind, b"")
            waiting.append(dict(behind)["ce_id"])
        for headers in passing(chance):
            await tell(b"passing", headers, b"\xff")
        await tell(None, [], b"")
        await tell(b"k" * 40_000, [], b"")
    for service in CONSUMERS:
        await _await_parked(lab, service, waiting)
    await lab.load.until(30)  # other keys flow


async def _real_key(lab: "Lab", chance: Random) -> None:
    """Stop a document that is worked on, and let an operator take the poison away again."""
    file = chance.choice(lab.office.files[-3:])
    key = str(file.document_id).encode()
    headers = _headers()
    async with _telling(lab) as tell:
        await tell(key, headers, b"\xff\xff")
    lab.note(f"poison: under the key of the document {file.document_id}")
    for service in CONSUMERS:
        await _await_parked(lab, service, [dict(headers)["ce_id"]])
    await lab.load.until(60)
    for service, consumer in CONSUMERS.items():
        parked_id = await _asked(lab, service, FIRST, consumer, TOPIC, key)
        await _operate(lab, service, "DELETE", f"{parked_id}", consumer)
        while (left := await _asked(lab, service, FIRST, consumer, TOPIC, key)) is not None:
            await _operate(lab, service, "POST", f"{left}/retry", consumer)


async def _operate(lab: "Lab", service: str, method: str, what: str, consumer: str) -> None:
    """Let the operator deal with a parked record."""
    path, key = f"/{service}/admin/v1/parked/{what}", uuid4()
    lab.office.admin_acts.append(command_id(service, OPERATOR, key))
    given = {"key": str(key), "consumer": consumer}
    done = await lab.resting.client.send(method, OPERATOR, path, **given)
    lab.note(f"operator: {method} {path}: {done}")
    if done.get("error"):
        raise AssertionError(f"what waited cannot be handled: {done['error']}")


@contextlib.asynccontextmanager
async def _telling(lab: "Lab") -> AsyncIterator[Tell]:
    """Give a way to write to the topic as anybody can, past all links."""

    async def tell(key: bytes | None, headers: Headers, value: bytes | None) -> None:
        lab.office.strangers.add(dict(headers).get("ce_id", b"").decode("utf-8", "replace"))
        await producer.send(TOPIC, value, key=key, headers=headers)

    producer = AIOKafkaProducer(
        bootstrap_servers=lab.kafka.bootstrap, max_request_size=2 * OVERSIZE
    )
    await producer.start()
    try:
        yield tell
        await producer.flush()
    finally:
        await producer.stop()


async def _await_parked(lab: "Lab", service: str, ids: Sequence[bytes]) -> None:
    named = [one.decode() for one in ids]

    async def all_wait() -> bool:
        found = await _asked(lab, service, PARKED, CONSUMERS[service], TOPIC, named)
        return bool(found == len(named))

    await eventually(all_wait, PARKED_SECONDS, 0.2)


async def _asked(lab: "Lab", database: str, query: str, *given: object) -> object:
    connection = await asyncpg.connect(lab.postgres.dsn(database))
    try:
        return await connection.fetchval(query, *given)
    finally:
        await connection.close()


SOUND = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I8", "I9", "I10"})

FAULTS: Sequence[Fault] = [
    Fault(
        id="F16",
        variant="strange_records",
        told="records that nobody can read stand on our topics, one of each kind",
        invariants=SOUND,
        inject=_strange,
    ),
    Fault(
        id="F16",
        variant="real_key",
        told="poison stops a document that is worked on, until an operator takes it away",
        invariants=SOUND,
        inject=_real_key,
    ),
]
