"""What is refused says by which rule; what is classified is refused and leaves nothing behind."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.support.office import (
    DRAFT,
    RECEIPT,
    assigned,
    matter_of,
    open_series,
    received,
    registered,
)
from tests.support.suite import DATABASES, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

INCOMING = "/documents/v1/incoming"
OUTGOING = "/documents/v1/outgoing"
MATTERS = "/supervision/v1/matters"
FOR_ACTION = {"mark": "收", "route": "for_action"}
TABLES = """
select format('%I.%I', n.nspname, c.relname) as name from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname <> all (array['pg_catalog', 'information_schema', 'pg_toast'])
"""


@pytest.mark.parametrize(
    "secrecy", ["work_secret", "secret", "highly_secret", "top_secret"]
)
async def test_what_is_classified_is_refused_at_the_door_and_nowhere_afterwards(
    suite: Suite, secrecy: str
) -> None:
    title, number = f"绝不落盘之题{secrecy}", f"密发〔2025〕77{secrecy}号"
    receipt = RECEIPT | {"title": title, "sender_doc_no": number, "secrecy": secrecy}
    draft = DRAFT | {"title": title, "main_to": [number], "secrecy": secrecy}
    for person, path, body in [
        ("li.juan", INCOMING, receipt),
        ("liu.min", OUTGOING, draft),
    ]:
        for language in ("zh", "en"):
            named = {"Accept_Language": language}
            answer = await suite.do(person, path, body, **named)
            problem = expect_problem(answer, 409, "refused", never=title)
            assert problem["rule"] == "classified_content_refused"
            assert problem["source"].startswith("保守国家秘密法")
            assert number not in answer.text
    await suite.settled()
    for database in DATABASES:
        for table in await suite.rows(database, TABLES):
            for text in (title, number):
                assert not await holding(suite, database, table["name"], text)


async def holding(suite: Suite, database: str, table: str, text: str) -> list[Any]:
    """Return the rows of *table* that hold *text*, as it is, escaped, or as bytes."""
    forms = [text, json.dumps(text)[1:-1], text.encode().hex()]
    query = (
        f"select 1 from {table} as t where exists (select from unnest($1::text[]) as f "  # noqa: S608 a table's own name
        "where position(f in t::text) > 0)"
    )
    return await suite.rows(database, query, forms)


async def test_the_search_for_what_is_nowhere_finds_what_is_somewhere(suite: Suite) -> None:
    await received(suite, title="此题可存")
    await suite.settled()
    found = [
        table["name"]
        for table in await suite.rows("documents", TABLES)
        if await holding(suite, "documents", table["name"], "此题可存")
    ]
    assert "store.event" in found
    assert any(name.endswith(".register") for name in found)


async def test_a_refusal_says_which_rule_and_where_it_comes_from(suite: Suite) -> None:
    await open_series(suite, "documents", "收")
    await open_series(suite, "supervision", "云政督")
    unopened = await received(suite)
    document = await registered(suite)
    cases = [
        (f"{INCOMING}/{document}/registration", FOR_ACTION, "already_registered"),
        (f"{INCOMING}/{unopened}/answer", {}, "not_registered"),
        (
            f"{INCOMING}/{unopened}/registration",
            FOR_ACTION | {"mark": "X"},
            "series_is_open",
        ),
    ]
    for path, body, rule in cases:
        for language in ("zh", "en"):
            answer = await suite.do("li.juan", path, body, Accept_Language=language)
            problem = expect_problem(answer, 409, "refused", language=language)
            assert problem["rule"] == rule
            assert problem["source"]
    matter = await matter_of(suite, document)
    await assigned(suite, matter)
    answer = await suite.do(
        "deng.jie", f"{MATTERS}/{matter}/handler", {"handler": "gao.yan"}
    )
    assert expect_problem(answer, 409, "refused")["rule"] == "not_received"


async def test_what_nobody_knows_is_not_found(suite: Suite) -> None:
    unknown = uuid4()
    answers = [
        await suite.as_("li.juan").get(f"{INCOMING}/{unknown}"),
        await suite.as_("li.juan").get(f"{OUTGOING}/{unknown}"),
        await suite.as_("sun.li").get(f"{MATTERS}/{unknown}"),
        await suite.do("li.juan", f"{INCOMING}/{unknown}/registration", FOR_ACTION),
        await suite.do("zhou.zhiyuan", f"{OUTGOING}/{unknown}/signature"),
        await suite.do("deng.jie", f"{MATTERS}/{unknown}/receipts"),
        await suite.do("sun.li", f"{MATTERS}/{unknown}/closure"),
        await suite.do("liu.min", OUTGOING, DRAFT | {"answered_document_id": str(unknown)}),
    ]
    for answer in answers:
        expect_problem(answer, 404, "not-found")
