"""What an operator is shown, and what an operator can do: and nobody else, and never a text."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from chassis.feed.lease import LEASE_SECONDS
from suite.hosting import SERVICES
from tests.support.office import (
    DRAFT,
    assigned,
    matter_of,
    open_series,
    received,
    registered,
)
from tests.support.service import eventually
from tests.support.suite import OPERATOR, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = "/documents/admin/v1"
MATTERS = "/supervision/v1/matters"
TITLE, TEXT, SUMMARY = "防汛标题勿示", "批示正文勿示", "反馈摘要勿示"
CONTACT, SUBJECT, EVIDENCE = "13812345678张三", "督办主题勿示", "佐证名称勿示"
HIDDEN = (TITLE, TEXT, SUMMARY, CONTACT, SUBJECT, EVIDENCE, "13812345678")


async def shown(suite: Suite, path: str) -> Any:
    answer = await suite.as_(OPERATOR).get(path)
    assert answer.status_code == 200, (path, answer.text)
    said = answer.text
    for hidden in HIDDEN:
        assert hidden not in said, (path, said)
        assert json.dumps(hidden)[1:-1] not in said, (path, said)
    return answer.json()


async def acted(suite: Suite, method: str, path: str, status: int, body: Any = None) -> Any:
    """Let the operator act; it must be recorded once, whatever comes of it."""
    service = path.split("/")[1]
    before = len(await suite.audited(service, "AdminActed"))
    key = {"Idempotency-Key": str(uuid4())}
    answer = await suite.as_(OPERATOR).request(method, path, json=body, headers=key)
    assert answer.status_code == status, answer.text
    entries = (await suite.audited(service, "AdminActed"))[before:]
    assert [entry["subject"] for entry in entries] == [OPERATOR]
    return answer.json() if answer.content else None


async def test_only_an_operator_gets_through_any_admin_route(suite: Suite) -> None:
    some_id = str(uuid4())
    for service in SERVICES:
        document = (await suite.as_(None).get(f"/{service}/v1/openapi.json")).json()
        for path, methods in document["paths"].items():
            if "/admin/" not in path:
                continue
            for name in ("name", "stream_id", "correlation_id"):
                path = path.replace(f"{{{name}}}", some_id)  # noqa: PLW2901 step by step
            path = path.replace("{parked_id}", "1")  # noqa: PLW2901 the same
            for method in methods:
                for person in ("li.juan", "zhou.zhiyuan", "deng.jie"):
                    answer = await suite.as_(person).request(method, path)
                    expect_problem(answer, 403, "denied")
                answer = await suite.as_(None).request(method, path)
                expect_problem(answer, 401, "unauthenticated")


async def test_no_admin_answer_shows_a_text_of_anybody(suite: Suite) -> None:
    await open_series(suite, "documents", "收")
    await open_series(suite, "supervision", "云政督")
    document = await registered(suite, title=TITLE, contact=CONTACT)
    matter = await matter_of(suite, document, text=TEXT)
    await assigned(suite, matter, subject=SUBJECT, requirement=TEXT)
    await suite.done("deng.jie", f"{MATTERS}/{matter}/receipts")
    feedback = {"kind": "final", "summary": SUMMARY, "signed_by": "luo.hai"}
    feedback |= {"evidence_name": EVIDENCE, "evidence_sha256": "a" * 64}
    await suite.done("deng.jie", f"{MATTERS}/{matter}/feedback", feedback)
    await suite.do(
        "shen.fang", f"{MATTERS}/{matter}/closure"
    )  # denied: there is an audit entry
    await suite.done("liu.min", "/documents/v1/outgoing", DRAFT | {"title": TITLE})
    await suite.settled()
    story = (await suite.as_("li.juan").get(f"/documents/v1/incoming/{document}")).json()
    assert story["title"] == TITLE
    assert story["contact"] == CONTACT
    streams: set[str] = set()
    for service in SERVICES:
        admin = f"/{service}/admin/v1"
        events = await shown(suite, f"{admin}/events?limit=200")
        streams |= {event["stream"] for event in events}
        for event in events:
            of_stream = await shown(suite, f"{admin}/streams/{event['stream']}")
            assert event in of_stream
            await shown(suite, f"{admin}/correlations/{event['correlation_id']}")
        for path in ("lag", "timers?fired=true", "timers", "verification"):
            await shown(suite, f"{admin}/{path}")
        for consumer in (f"{service}.main", "reactions"):
            await shown(suite, f"{admin}/parked?consumer={consumer}")
    kinds = {stream.partition("-")[0] for stream in streams}
    assert {"incoming", "outgoing", "series", "matter", "audit"} <= kinds


async def test_a_story_is_told_in_order_and_every_cause_is_part_of_it(suite: Suite) -> None:
    document = await registered(suite)
    matter = await matter_of(suite, document)
    await assigned(suite, matter)
    await suite.settled()
    read = (await suite.as_("li.juan").get(f"/documents/v1/incoming/{document}")).json()
    parts = {
        service: await shown(
            suite, f"/{service}/admin/v1/correlations/{read['correlation_id']}"
        )
        for service in SERVICES
    }
    told = [event for part in parts.values() for event in part]
    assert {"incoming.InstructionGiven", "matter.Opened", "matter.Assigned"} <= {
        event["type"] for event in told
    }
    for part in parts.values():
        assert [event["position"] for event in part] == sorted(e["position"] for e in part)
    known = {event["event_id"] for event in told}
    causes = [event["causation_id"] for event in told]
    assert set(causes) - {None} <= known
    assert causes.count(None) == 1, [(e["type"], e["causation_id"]) for e in told]


async def test_the_chain_of_hashes_is_intact_and_says_so(suite: Suite) -> None:
    for service in SERVICES:
        assert await shown(suite, f"/{service}/admin/v1/verification") == {
            "intact": True,
            "faults": [],
        }


async def timers_of(suite: Suite, document: str) -> dict[str, Any]:
    items = (await shown(suite, f"{ADMIN}/timers?limit=200"))["items"]
    return {t["name"]: t for t in items if t["stream_id"] == f"incoming-{document}"}


async def test_a_timer_can_be_fired_before_its_time_and_does_what_it_was_set_for(
    suite: Suite,
) -> None:
    document = await received(suite)
    await suite.settled()
    assert set(await timers_of(suite, document)) == {"register", "answer-near", "answer"}
    timer = {"stream": f"incoming-{document}", "name": "register"}
    await acted(suite, "POST", f"{ADMIN}/timers/firing", 204, timer)
    await suite.settled()
    events = await shown(suite, f"{ADMIN}/streams/incoming-{document}")
    assert [event["type"] for event in events] == [
        "incoming.Received",
        "incoming.StepOverdue",
    ]
    assert set(await timers_of(suite, document)) == {"answer-near", "answer"}
    await acted(suite, "POST", f"{ADMIN}/timers/firing", 404, timer)


async def test_a_cancelled_timer_is_gone_for_good(suite: Suite) -> None:
    document = await received(suite)
    await suite.settled()
    timer = {"stream": f"incoming-{document}", "name": "answer-near"}
    await acted(suite, "POST", f"{ADMIN}/timers/cancellation", 204, timer)
    assert set(await timers_of(suite, document)) == {"register", "answer"}
    await acted(suite, "POST", f"{ADMIN}/timers/cancellation", 404, timer)
    await acted(suite, "POST", f"{ADMIN}/timers/firing", 404, timer)


async def test_an_act_under_a_used_key_is_another_request(suite: Suite) -> None:
    key = {"Idempotency_Key": "one-act"}
    pause = f"{ADMIN}/followers/chain/pause"
    assert (await suite.do(OPERATOR, pause, **key)).status_code == 204
    assert (await suite.do(OPERATOR, pause, **key)).status_code == 204
    other = await suite.do(OPERATOR, f"{ADMIN}/followers/relay/pause", **key)
    expect_problem(other, 422, "key-reused")
    await acted(suite, "POST", f"{ADMIN}/followers/chain/resumption", 204)


async def test_a_paused_follower_stands_still_until_it_is_resumed(suite: Suite) -> None:
    name = "projection:incoming_1"
    await acted(suite, "POST", f"{ADMIN}/followers/{name}/pause", 204)
    await eventually(lambda: _follower(suite, name, paused=True))
    await asyncio.sleep(LEASE_SECONDS / 3 + 0.5)  # it looks when it renews its lease
    document = await received(suite)
    await eventually(lambda: _follower(suite, name, paused=True, behind=True))
    await suite.settled()
    assert await _follower(suite, name, paused=True, behind=True)
    listed = await suite.as_("li.juan").get("/documents/v1/incoming")
    assert document not in listed.text
    await acted(suite, "POST", f"{ADMIN}/followers/{name}/resumption", 204)
    await eventually(lambda: _follower(suite, name, paused=False, behind=False))
    listed = await suite.as_("li.juan").get("/documents/v1/incoming")
    assert document in listed.text
    await acted(suite, "POST", f"{ADMIN}/followers/nobody/pause", 404)


async def _follower(
    suite: Suite, name: str, *, paused: bool, behind: bool | None = None
) -> bool:
    followers = (await shown(suite, f"{ADMIN}/lag"))["followers"]
    found = next(f for f in followers if f["name"] == name)
    return bool(found["paused"] is paused) and behind in {None, found["lag"] > 0}


async def test_a_read_model_is_rebuilt_while_commands_arrive_and_loses_none(
    suite: Suite,
) -> None:
    async def clerk() -> list[str]:
        return [await received(suite) for _ in range(25)]

    clerks = [asyncio.create_task(clerk()) for _ in range(3)]
    await asyncio.sleep(0.05)
    started = await acted(suite, "POST", f"{ADMIN}/projections/incoming/rebuild", 202)
    assert started == {"started": True}
    arrived = {document for part in await asyncio.gather(*clerks) for document in part}
    await eventually(lambda: _built(suite), within=20)
    await suite.settled()
    listed = await suite.as_("li.juan").get("/documents/v1/incoming?limit=200")
    rows = [row["document_id"] for row in listed.json()["items"]]
    assert arrived <= set(rows)
    assert len(rows) == len(set(rows))
    await acted(suite, "POST", f"{ADMIN}/projections/incoming/rebuild", 202)
    expect_problem(
        await suite.do(OPERATOR, f"{ADMIN}/projections/no/rebuild"), 404, "not-found"
    )


async def _built(suite: Suite) -> bool:
    followers = (await shown(suite, f"{ADMIN}/lag"))["followers"]
    return not any(follower["name"].endswith("_next") for follower in followers)
