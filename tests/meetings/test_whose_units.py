"""Who submits an item names units for its sides: none of them on the wrong side."""

import pytest

from tests.support.suite import Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

ITEM = {
    "meeting_body": "npc.standing_committee",
    "kind": "special_work_report",
    "title": "水库安全管理情况",
    "reporting_organ": "gov",
    "reporting_unit": "government-office",
    "office": "standing-committee-office",
    "reviewing_committee": "agriculture-committee",
}


async def test_no_side_of_an_item_is_a_unit_of_the_other_organ(suite: Suite) -> None:
    wrong = {
        "office": "water",
        "reviewing_committee": "water",
        "reporting_unit": "agriculture-committee",
    }
    path = "/meetings/v1/agenda-items"
    await suite.settled()  # every service knows the organisation
    for side, unit in wrong.items():
        refused = await suite.do("liu.min", path, ITEM | {side: unit})
        assert expect_problem(refused, 409, "refused")["rule"] == "unit_of_its_organ"
    await suite.done("liu.min", path, ITEM)
