"""What the directory says is known in every service, and forgotten in every service."""

from collections.abc import Mapping

import pytest

from chassis.domain import ERASED
from chassis.people import People
from suite.issuer import OPERATOR
from suite.organisation import load_people
from tests.support.suite import ORGANISATION, Suite

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = "/directory/v1/people"


async def known(suite: Suite) -> Mapping[str, People]:
    """Return who is who, by each service that keeps a replica."""
    await suite.settled()
    return {
        name: await running.parts.directory.people()
        for name, running in suite.hosted.running.items()
        if running.service.replica
    }


async def test_every_service_knows_what_was_imported(suite: Suite) -> None:
    found = await known(suite)
    assert {"documents", "supervision", "notifier"} <= found.keys()
    wanted = load_people(ORGANISATION)
    for people in found.values():
        assert people.organs == wanted.organs
        assert people.units == wanted.units
        assert people.people == {
            code: person for code, person in wanted.people.items() if code != "he.qiang"
        }


async def test_whoever_left_has_no_role_anywhere_and_keeps_the_name(suite: Suite) -> None:
    text = "people: [{id: he.qiang, name: 贺强, unit: water, roles: [unit_head]}]"
    await suite.done(OPERATOR, "/directory/v1/imports", {"text": text})
    body = {"taken_over_by": "he.qiang"}
    await suite.done("deng.jie", f"{PEOPLE}/luo.hai/departure", body)
    for people in (await known(suite)).values():
        assert people.with_role("unit_head", unit="water") == ["he.qiang"]
        assert people.people["luo.hai"].name == "罗海"
        assert people.people["luo.hai"].taken_over_by == "he.qiang"


async def test_whoever_was_erased_has_no_name_in_any_service_or_its_database(
    suite: Suite,
) -> None:
    await suite.done(OPERATOR, f"{PEOPLE}/du.peng/erasure")
    for name, people in (await known(suite)).items():
        assert people.people["du.peng"].name is ERASED
        assert people.people["shen.fang"].name == "沈芳"
        rows = await suite.rows(name, "select message from directory.entry")
        assert not [r for r in rows if "沈芳".encode() in (r["message"] or b"")]
    events = await suite.rows("directory", "select data from store.event")
    assert not [row for row in events if "杜鹏".encode() in bytes(row["data"])]
