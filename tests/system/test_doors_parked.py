"""Records that nobody can handle wait for an operator, who sees why but not what they say."""

import base64
import json
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from shuniu.supervision.v1.events_pb2 import MatterClosed
from tests.support.office import open_series, received, registered
from tests.support.service import eventually
from tests.support.suite import OPERATOR, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = "/documents/admin/v1"
CONSUMER = "documents.main"
TOPIC = "public.supervision.matter.v1"
MARKER = "毒记录之正文"
PUBLISH = "select log.publish_v1($1, $2, $3, $4, $5::jsonb[])"


async def published(suite: Suite, key: str, value: bytes, **headers: str) -> str:
    """Put a record into the log, past every relay; return its id."""
    named = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_source": "/shuniu/local/supervision",
        "ce_type": "shuniu.supervision.v1.MatterClosed",
        "ce_subject": key,
        "ce_time": "2025-04-25T16:40:00+08:00",
    } | headers
    given = ([TOPIC], [0], [key.encode()], [value], [json.dumps(named)])
    await suite.rows("log", PUBLISH, *given)
    return named["ce_id"]


def closed(document: str, matter: str) -> bytes:
    message = MatterClosed(
        matter_id=matter, source_document_id=document, number="云政督〔2025〕1号"
    )
    message.submitted_at.FromJsonString("2025-04-25T08:40:00Z")
    return message.SerializeToString()


async def parked(suite: Suite, key: str | None = None) -> list[dict[str, Any]]:
    query: dict[str, str | int] = {"consumer": CONSUMER, "limit": 200}
    answer = await suite.as_(OPERATOR).get(f"{ADMIN}/parked", params=query)
    assert answer.status_code == 200, answer.text
    assert MARKER not in answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return [item for item in items if key in {None, item["key"]}]


async def acted(
    suite: Suite, method: str, path: str, status: int = 204, body: Any = None
) -> Any:
    before = len(await suite.audited("documents", "AdminActed"))
    key = {"Idempotency-Key": str(uuid4())}
    query = {"consumer": CONSUMER}
    url = f"{ADMIN}/parked/{path}"
    client = suite.as_(OPERATOR)
    answer = await client.request(method, url, params=query, json=body, headers=key)
    assert answer.status_code == status, answer.text
    assert MARKER not in answer.text
    entries = (await suite.audited("documents", "AdminActed"))[before:]
    assert len(entries) == 1
    assert entries[0]["action"].startswith("parked.")
    return answer.json() if answer.content else None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def document(suite: Suite) -> str:
    """Give a registered document that a matter may be recorded on."""
    await open_series(suite, "documents", "收")
    return await registered(suite)


async def handlings(suite: Suite, document: str) -> int:
    events = await suite.as_(OPERATOR).get(f"{ADMIN}/streams/incoming-{document}")
    return sum(event["type"] == "incoming.HandlingRecorded" for event in events.json())


async def test_a_poison_record_waits_with_those_behind_its_key_and_others_pass(
    suite: Suite, document: str
) -> None:
    key, other = str(uuid4()), str(uuid4())
    await published(suite, key, b"\xff\xff" + MARKER.encode())
    await published(suite, key, closed(document, key))
    await published(suite, other, closed(document, other))
    await eventually(lambda: _count(suite, key, 2))
    await suite.settled()
    first, second = await parked(suite, key)
    assert (first["topic"], first["partition"]) == (TOPIC, 0)
    assert "MatterClosed" in first["error"]
    assert first["bytes"] == 2 + len(MARKER.encode())
    assert first["offset"] < second["offset"]
    assert await handlings(suite, document) == 1  # the other key's
    assert (await suite.lag("documents"))["parked"] == {CONSUMER: 2}

    # A retry that fails again changes nothing and says why.
    answer = await acted(suite, "POST", f"{first['parked_id']}/retry", 200)
    assert answer["handled"] is None
    assert "MatterClosed" in answer["error"]
    assert len(await parked(suite, key)) == 2

    # Mended, it and what waits behind it are handled.
    value = {"value": _base64(closed(document, str(uuid4())))}
    await acted(suite, "PUT", f"{first['parked_id']}/value", body=value)
    answer = await acted(suite, "POST", f"{first['parked_id']}/retry", 200)
    assert answer == {"handled": 2, "error": None}
    assert await parked(suite, key) == []
    assert await handlings(suite, document) == 3
    await acted(suite, "POST", f"{first['parked_id']}/retry", 404)
    await acted(suite, "PUT", f"{first['parked_id']}/value", 404, value)


async def test_a_skipped_record_is_gone_and_its_key_flows_again(
    suite: Suite, document: str
) -> None:
    key = str(uuid4())
    await published(suite, key, b"\xff\xff")
    await eventually(lambda: _count(suite, key, 1))
    (waiting,) = await parked(suite, key)
    before = await handlings(suite, document)
    await acted(suite, "DELETE", str(waiting["parked_id"]))
    assert await parked(suite, key) == []
    await acted(suite, "DELETE", str(waiting["parked_id"]), 404)
    await published(suite, key, closed(document, key))
    await eventually(lambda: _handled(suite, document, before + 1))


async def test_what_an_operator_reads_of_a_poison_record_is_never_its_text(
    suite: Suite,
) -> None:
    key = str(uuid4())
    poison = MatterClosed(matter_id=MARKER, source_document_id=MARKER, number=MARKER)
    await published(suite, key, poison.SerializeToString())
    await published(suite, str(uuid4()), b"", ce_time=MARKER)
    await published(suite, str(uuid4()), b"", ce_dataclassification=MARKER)
    await eventually(lambda: _count(suite, None, 3))
    for item in await parked(suite):
        assert item["error"]
        await acted(suite, "POST", f"{item['parked_id']}/retry", 200)
        await acted(suite, "DELETE", str(item["parked_id"]))
    for service in ("documents", "notifier"):
        query = {"consumer": f"{service}.main"}
        path = f"/{service}/admin/v1/parked"
        answer = await suite.as_(OPERATOR).get(path, params=query)
        assert MARKER not in answer.text
        assert MARKER not in json.dumps(await suite.lag(service), ensure_ascii=False)


async def test_a_read_model_that_stands_still_says_why_without_the_text_and_goes_on(
    suite: Suite,
) -> None:
    table = "alter table incoming_1.register"
    limit = "add constraint at_most_fifty check (length(title) <= 50)"
    await suite.rows("documents", f"{table} {limit}")
    document = await received(suite, title=MARKER * 20)
    stopped = await eventually(lambda: _stopped(suite), within=10)
    assert "at_most_fifty" in stopped
    assert MARKER not in stopped
    listed = await suite.as_("li.juan").get("/documents/v1/incoming")
    assert listed.status_code == 200  # what was there before is still read
    await suite.rows("documents", f"{table} drop constraint at_most_fifty")
    await suite.settled()
    listed = await suite.as_("li.juan").get("/documents/v1/incoming")
    assert document in listed.text


async def test_a_partition_is_held_and_goes_on_and_a_strange_one_is_unknown(
    suite: Suite, document: str
) -> None:
    key = str(uuid4())
    before = await handlings(suite, document)
    place = {"topic": TOPIC, "partition": 0}
    consumers = f"{ADMIN}/consumers"
    assert (await suite.do(OPERATOR, f"{consumers}/pause", place)).status_code == 204
    await published(suite, key, closed(document, key))
    await suite.settled()
    assert await handlings(suite, document) == before
    held = [p for p in (await suite.lag("documents"))["consumers"] if p["paused"]]
    assert [(p["topic"], p["partition"], p["lag"] > 0) for p in held] == [(TOPIC, 0, True)]
    assert (await suite.do(OPERATOR, f"{consumers}/resumption", place)).status_code == 204
    await eventually(lambda: _handled(suite, document, before + 1))
    actions = [entry["action"] for entry in await suite.audited("documents", "AdminActed")]
    assert actions[-2:] == ["consumer.pause", "consumer.resume"]
    for strange in (place | {"partition": 99}, place | {"topic": "public.nothing.v1"}):
        answer = await suite.do(OPERATOR, f"{consumers}/pause", strange)
        expect_problem(answer, 404, "not-found")


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


async def _count(suite: Suite, key: str | None, count: int) -> bool:
    return len(await parked(suite, key)) >= count


async def _handled(suite: Suite, document: str, count: int) -> bool:
    return await handlings(suite, document) == count


async def _stopped(suite: Suite) -> str | None:
    followers = (await suite.lag("documents"))["followers"]
    return next(
        (f["error"] for f in followers if f["name"] == "projection:incoming_1"), None
    )
