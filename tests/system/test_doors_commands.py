"""What a command does once, to whom it shows, and what it must never leave behind."""

import asyncio
import json
import re
from typing import Any

import httpx
import pytest

from tests.support.office import (
    DRAFT,
    RECEIPT,
    open_series,
    received,
)
from tests.support.suite import OPERATOR, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

INCOMING = "/documents/v1/incoming"
OUTGOING = "/documents/v1/outgoing"
MATTERS = "/supervision/v1/matters"
FOR_ACTION = {"mark": "收", "route": "for_action"}


def said(answer: httpx.Response) -> tuple[int, str, str | None, str | None]:
    position = answer.headers.get("Shuniu-Position")
    return answer.status_code, answer.text, answer.headers.get("ETag"), position


async def events_of(suite: Suite, stream: str) -> list[str]:
    query = "select type from store.event where stream_id = $1 order by version"
    return [row["type"] for row in await suite.rows("documents", query, stream)]


async def test_ten_tries_of_one_command_at_once_have_one_effect_and_one_answer(
    suite: Suite,
) -> None:
    await open_series(suite, "documents", "收", 416)
    await open_series(suite, "supervision", "云政督", 30)
    key = {"Idempotency_Key": "ten-at-once"}
    tries = [suite.do("li.juan", INCOMING, RECEIPT, **key) for _ in range(10)]
    answers = [said(answer) for answer in await asyncio.gather(*tries)]
    assert len(set(answers)) == 1, set(answers)
    status, text, etag, position = answers[0]
    document = json.loads(text)["id"]
    assert (status, etag, json.loads(text)) == (201, '"1"', {"id": document, "version": 1})
    assert position
    assert await events_of(suite, f"incoming-{document}") == ["incoming.Received"]

    # A number is drawn under a lock on another stream as well: the same holds.
    path = f"{INCOMING}/{document}/registration"
    tries = [suite.do("li.juan", path, FOR_ACTION, **key) for _ in range(2)]
    reused = {answer.status_code for answer in await asyncio.gather(*tries)}
    assert reused == {422}  # the key stands for the receipt
    key = {"Idempotency_Key": "ten-numbers"}
    tries = [suite.do("li.juan", path, FOR_ACTION, **key) for _ in range(10)]
    numbered = [said(answer) for answer in await asyncio.gather(*tries)]
    assert len(set(numbered)) == 1, set(numbered)
    assert json.loads(numbered[0][1])["number"] == "收〔2025〕417号"
    assert len(await events_of(suite, f"incoming-{document}")) == 2

    # Long after the state has moved on, the first answer is given word for word.
    await suite.done("li.juan", f"{INCOMING}/{document}/answer", {})
    disposition = {"disposition": "file", "retention": "d10"}
    await suite.done("li.juan", f"{INCOMING}/{document}/disposition", disposition)
    again = await suite.do("li.juan", path, FOR_ACTION, **key)
    assert said(again) == numbered[0]
    stale = key | {
        "If_Match": '"1"'
    }  # answered from its outcome, before If-Match is looked at
    assert said(await suite.do("li.juan", path, FOR_ACTION, **stale)) == numbered[0]


async def test_a_key_stands_for_one_request_of_one_person(suite: Suite) -> None:
    key = {"Idempotency_Key": "one-request"}
    first = await suite.do("li.juan", INCOMING, RECEIPT, **key)
    assert first.status_code == 201
    for language in ("zh", "en"):
        named = key | {"Accept_Language": language}
        other = await suite.do("li.juan", INCOMING, RECEIPT | {"title": "另一件"}, **named)
        expect_problem(other, 422, "key-reused", language=language)
        path = f"{INCOMING}/{first.json()['id']}/registration"
        expect_problem(
            await suite.do("li.juan", path, FOR_ACTION, **named),
            422,
            "key-reused",
            language=language,
        )
    theirs = await suite.do("liu.min", OUTGOING, DRAFT, **key)
    assert theirs.status_code == 201  # another person's key is another key


async def test_of_two_writers_on_one_version_one_wins_and_the_other_sees_the_current(
    suite: Suite,
) -> None:
    document = await received(suite)
    path = f"{INCOMING}/{document}/registration"
    tries = [suite.do("li.juan", path, FOR_ACTION, If_Match='"1"') for _ in range(2)]
    winner, loser = sorted(await asyncio.gather(*tries), key=lambda a: a.status_code)
    assert (winner.status_code, winner.headers["ETag"]) == (201, '"2"')
    expect_problem(loser, 412, "stale-version")
    assert loser.headers["ETag"] == '"2"'
    retried = await suite.do("li.juan", f"{INCOMING}/{document}/answer", {}, If_Match='"2"')
    assert (retried.status_code, retried.headers["ETag"]) == (201, '"3"')
    english = {"If_Match": '"1"', "Accept_Language": "en"}
    again = await suite.do("li.juan", f"{INCOMING}/{document}/answer", {}, **english)
    expect_problem(again, 412, "stale-version", language="en")


async def test_thirty_two_clerks_at_once_draw_consecutive_numbers(suite: Suite) -> None:
    await open_series(suite, "documents", "并", 99)
    documents = await asyncio.gather(*(received(suite) for _ in range(32)))
    body = {"mark": "并", "route": "for_information"}
    tries = [suite.do("li.juan", f"{INCOMING}/{d}/registration", body) for d in documents]
    answers = await asyncio.gather(*tries)
    assert {answer.status_code for answer in answers} == {201}, [a.text for a in answers]
    drawn = sorted(int(re.findall(r"〕(\d+)号", a.json()["number"])[0]) for a in answers)
    assert drawn == list(range(100, 132))


async def test_who_passes_the_position_of_a_write_sees_it_at_once(suite: Suite) -> None:
    for number in range(10):
        body = RECEIPT | {"sender_doc_no": f"即见〔2025〕{number}号"}
        written = await suite.do("li.juan", INCOMING, body)
        position = {"Shuniu-Position": written.headers["Shuniu-Position"]}
        query = {"number": body["sender_doc_no"]}
        seen = await suite.as_("li.juan").get(INCOMING, params=query, headers=position)
        assert [row["document_id"] for row in seen.json()["items"]] == [
            written.json()["id"]
        ]


async def test_lists_go_on_where_the_last_page_ended(suite: Suite) -> None:
    await suite.settled()
    whole = (await suite.as_("li.juan").get(INCOMING, params={"limit": 200})).json()
    assert whole["next"] is None
    pages: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": 7} | ({"cursor": cursor} if cursor else {})
        page = (await suite.as_("li.juan").get(INCOMING, params=query)).json()
        pages += page["items"]
        cursor = page["next"]
    assert pages == whole["items"]
    timers = (await suite.as_(OPERATOR).get("/documents/admin/v1/timers?limit=200")).json()
    first = (await suite.as_(OPERATOR).get("/documents/admin/v1/timers?limit=1")).json()
    query = {"cursor": first["next"], "limit": 199}
    rest = await suite.as_(OPERATOR).get("/documents/admin/v1/timers", params=query)
    assert first["items"] + rest.json()["items"] == timers["items"]
