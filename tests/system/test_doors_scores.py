"""Scores over HTTP: who may publish, preview and read them, and what they then see."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.support.scoring import FIRST_AND_THEN, SENT_BACK_1
from tests.support.suite import Suite, expect_problem
from tests.support.told import play_into

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

SCORES = "/supervision/v1/scores"
PERIOD = {"from": "2025-01-01", "until": "2025-10-31"}
A, B = PERIOD | {"rule": "R-2025A"}, PERIOD | {"rule": "R-2025B"}
LAST_DAY = datetime.fromisoformat("2025-10-31T17:00+08:00")
NO_ID = "00000000-0000-4000-8000-000000000000"


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def past(suite: Suite) -> AsyncIterator[None]:
    """Let the sample's matters have been supervised by 31 October, 17:00."""
    await play_into(suite, LAST_DAY, [*FIRST_AND_THEN.events, SENT_BACK_1])
    yield
    await suite.settled()


async def detail(suite: Suite, person: str, item: str, **query: str) -> Any:
    answer = await suite.as_(person).get(f"{SCORES}/{item}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def matters_stored(suite: Suite) -> list[Any]:
    rows = await suite.rows(
        "supervision",
        "select event_id, data from store.event where stream_id like 'matter-%' "
        "order by position",
    )
    return [tuple(row) for row in rows]


async def test_both_rules_stand_side_by_side_over_one_past_that_does_not_change(
    suite: Suite,
) -> None:
    before = await matters_stored(suite)
    first = await suite.done("sun.li", SCORES, A)
    second = await suite.done("sun.li", SCORES, B)
    assert await matters_stored(suite) == before
    by_a = await detail(suite, "sun.li", first["id"])
    by_b = await detail(suite, "deng.jie", second["id"])
    (water,), (again,) = by_a["units"], by_b["units"]
    assert (water["unit"], water["score"], again["score"]) == ("water", "96.9", "94.5")
    assert (water["on_time"], water["completed"], water["on_time_rate"]) == (1, 2, "0.50")
    assert (water["rank"], water["unranked"]) == (None, "few_items")
    ids = {str(event_id) for event_id, _ in before}
    assert {point["event_id"] for point in water["points"]} < ids
    assert {point["number"] for point in water["points"]} == {
        "云政督〔2025〕31号",
        "云政督〔2025〕32号",
    }
    listed = await suite.as_("li.juan").get(SCORES)
    assert [row["rule"] for row in listed.json()["items"]] == ["R-2025B", "R-2025A"]
    one = await suite.as_("li.juan").get(SCORES, params={"rule": "R-2025A", "limit": 1})
    assert [row["score_id"] for row in one.json()["items"]] == [first["id"]]
    assert (await detail(suite, "sun.li", first["id"], unit="finance"))["units"] == []


async def test_what_is_published_stands_and_a_repeat_is_answered_alike(
    suite: Suite,
) -> None:
    shorter = A | {"until": "2025-09-30"}
    key = str(uuid4())
    once = await suite.done("sun.li", SCORES, shorter, Idempotency_Key=key)
    again = await suite.done("sun.li", SCORES, shorter, Idempotency_Key=key)
    assert once == again
    refused = expect_problem(await suite.do("sun.li", SCORES, shorter), 409, "refused")
    assert refused["rule"] == "score_already_published"


async def test_a_preview_shows_what_would_be_published_and_publishes_nothing(
    suite: Suite,
) -> None:
    asked = A | {"until": "2025-08-31"}
    for person in ("sun.li", "wang.lei", "zhou.zhiyuan", "zhao.wenbin"):
        answer = await suite.as_(person).get(f"{SCORES}/preview", params=asked)
        assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert "score_id" not in shown
    done = await suite.done("sun.li", SCORES, asked)
    assert (await detail(suite, "sun.li", done["id"]))["units"] == shown["units"]


@pytest.mark.parametrize("person", ["liu.min", "wang.lei", "deng.jie", "zhou.zhiyuan"])
async def test_only_the_head_of_the_supervision_section_publishes(
    suite: Suite, person: str
) -> None:
    expect_problem(await suite.do(person, SCORES, A), 403, "denied")


async def test_a_unit_previews_nobody_s_score(suite: Suite) -> None:
    answer = await suite.as_("deng.jie").get(f"{SCORES}/preview", params=A)
    expect_problem(answer, 403, "denied")


async def test_one_organ_neither_sees_nor_scores_another_s_units(suite: Suite) -> None:
    asked = A | {"until": "2025-07-31"}
    done = await suite.done("sun.li", SCORES, asked)
    answer = await suite.as_("han.bing").get(f"{SCORES}/{done['id']}")
    expect_problem(answer, 403, "denied")
    assert (await suite.as_("han.bing").get(SCORES)).json()["items"] == []
    theirs = await suite.as_("han.bing").get(f"{SCORES}/preview", params=A)
    assert theirs.json()["units"] == []


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"rule": "R-2031"}, "score_rule_known"),
        ({"until": "2024-12-31"}, "period_in_order"),
        ({"until": "2025-11-01"}, "period_is_over"),
    ],
)
async def test_what_cannot_be_published_names_its_rule(
    suite: Suite, changed: dict[str, str], rule: str
) -> None:
    answer = await suite.do("sun.li", SCORES, A | changed)
    assert expect_problem(answer, 409, "refused")["rule"] == rule


@pytest.mark.parametrize(
    "changed",
    [
        {"from": "2025-02-30"},
        {"from": "yesterday"},
        {"from": 20250101},
        {"from": "1800-01-01"},
        {"until": "2025-10-31T00:00:00Z"},
        {"until": None},
        {"until": "9999-12-31"},
        {"first": "2025-01-01"},
        {"rule": ""},
        {"rule": "R" * 101},
    ],
)
async def test_what_is_no_period_is_said_by_its_field(
    suite: Suite, changed: dict[str, Any]
) -> None:
    answer = await suite.do("sun.li", SCORES, A | changed)
    faults = expect_problem(answer, 422, "invalid")["errors"]
    assert any(fault["at"].endswith(next(iter(changed))) for fault in faults)


async def test_a_score_that_nobody_published_is_not_found(suite: Suite) -> None:
    answer = await suite.as_("sun.li").get(f"{SCORES}/{NO_ID}")
    expect_problem(answer, 404, "not-found")
    answer = await suite.as_("sun.li").get(f"{SCORES}/latest")
    expect_problem(answer, 422, "invalid")
