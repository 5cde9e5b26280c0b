"""Who supervises whom, by the doors: no other section, no other organ, nothing of its own."""

from datetime import datetime
from typing import Any

import pytest

from tests.support.office import assigned, matter_of, open_series, registered
from tests.support.suite import Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

MATTERS = "/supervision/v1/matters"
SHEET = {
    "mark": "云政督",
    "subject": "水库安全隐患排查",
    "requirement": "逐库排查",
    "lead": "water",
    "responsible_person": "tang.yong",
}


async def listed(suite: Suite, person: str) -> list[str]:
    answer = await suite.as_(person).get(MATTERS)
    assert answer.status_code == 200, answer.text
    return [row["matter_id"] for row in answer.json()["items"]]


async def test_the_head_of_another_section_runs_no_matter(suite: Suite) -> None:
    for service, mark in (("documents", "收"), ("supervision", "云政督")):
        await open_series(suite, service, mark)
    document = await registered(suite)
    matter = await matter_of(suite, document)
    path = f"{MATTERS}/{matter}"
    acts: list[tuple[str, Any]] = [
        ("assignment", SHEET),
        ("supervision-notices", {"mark": "云政督办"}),
        ("urgings", {"unit": "water"}),
        ("closure", None),
    ]
    for act, body in acts:
        refused = await suite.do("liu.min", f"{path}/{act}", body)
        expect_problem(refused, 403, "denied")


async def test_a_unit_is_shown_a_matter_once_it_is_assigned_to_it(suite: Suite) -> None:
    document = await registered(suite)
    matter = await matter_of(suite, document)
    assert matter not in await listed(suite, "deng.jie")
    assert matter in await listed(suite, "sun.li")
    await assigned(suite, matter)
    await suite.settled()
    assert matter in await listed(suite, "deng.jie")


async def test_a_matter_is_not_assigned_to_a_unit_of_another_organ(suite: Suite) -> None:
    document = await registered(suite)
    path = f"{MATTERS}/{await matter_of(suite, document)}/assignment"
    for changed in ({"lead": "agriculture-committee"}, {"co": ["agriculture-committee"]}):
        refused = await suite.do("sun.li", path, SHEET | changed)
        assert expect_problem(refused, 409, "refused")["rule"] == "unit_of_another_organ"
    due = datetime.fromisoformat("2025-06-30T18:00:00+08:00").isoformat()
    body = {"asked_by": "zhou.zhiyuan", "subject": "排查", "lead": "meetings-section"}
    refused = await suite.do("sun.li", MATTERS, body | {"due": due})
    assert expect_problem(refused, 409, "refused")["rule"] == "unit_of_another_organ"
