"""The directory's doors: an import is all or nothing, and everything is looked up as it stands."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from suite.issuer import OPERATOR
from tests.support.service import eventually
from tests.support.suite import ORGANISATION, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

IMPORTS = "/directory/v1/imports"
PEOPLE = "/directory/v1/people"
SAMPLE = ORGANISATION.read_text("utf-8")
EVENTS = "select type from store.event where type not like 'audit.%' order by position"
ENTRIES = 39


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def filled(directory: Suite) -> AsyncIterator[Suite]:
    """Give a directory that knows the sample organisation."""
    dry = await directory.done(OPERATOR, IMPORTS, {"text": SAMPLE, "dry_run": True})
    assert dry == counts(added=ENTRIES, applied=False)
    assert not await directory.rows("directory", EVENTS)
    done = await directory.done(OPERATOR, IMPORTS, {"text": SAMPLE})
    assert done == counts(added=ENTRIES)
    yield directory


def counts(
    added: int = 0, changed: int = 0, unchanged: int = 0, *, applied: bool = True
) -> dict[str, Any]:
    return {
        "added": added,
        "changed": changed,
        "unchanged": unchanged,
        "applied": applied,
    }


async def listed(suite: Suite, path: str, **query: Any) -> list[Any]:
    """Return all of a list, page by page."""
    items: list[Any] = []
    cursor: str | None = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = await suite.as_("li.juan").get(path, params={"limit": 5, **query, **more})
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return items


async def test_importing_the_same_again_changes_nothing(filled: Suite) -> None:
    before = await filled.rows("directory", EVENTS)
    done = await filled.done(OPERATOR, IMPORTS, {"text": SAMPLE})
    assert done == counts(unchanged=ENTRIES)
    assert await filled.rows("directory", EVENTS) == before


async def test_an_import_under_the_same_key_is_answered_word_for_word(
    filled: Suite,
) -> None:
    key = str(uuid4())
    text = "organs: [{id: cppcc, name: 云岭县政协}]"
    first = await filled.do(OPERATOR, IMPORTS, {"text": text}, Idempotency_Key=key)
    again = await filled.do(OPERATOR, IMPORTS, {"text": text}, Idempotency_Key=key)
    assert first.json() == again.json() == counts(added=1)
    other = {"text": text.replace("政协", "工会")}
    refused = await filled.do(OPERATOR, IMPORTS, other, Idempotency_Key=key)
    expect_problem(refused, 422, "key-reused")


async def test_a_faulty_import_changes_nothing_and_lists_every_line(filled: Suite) -> None:
    before = await filled.rows("directory", EVENTS)
    text = "people:\n  - {id: a, name: 甲, unit: xyz}\n  - {id: b, name: 乙, unit: water, superior: c}\n"
    for dry_run in (True, False):
        body = {"text": text, "dry_run": dry_run}
        problem = expect_problem(await filled.do(OPERATOR, IMPORTS, body), 422, "invalid")
        assert [(e["line"], e["at"]) for e in problem["errors"]] == [
            (2, "people.unit"),
            (3, "people.superior"),
        ]
    assert await filled.rows("directory", EVENTS) == before


async def test_csv_of_one_kind_can_be_imported(filled: Suite) -> None:
    text = "id,name,unit,post,roles\nli.ming,李明,finance,会计,handler;liaison\n"
    body = {"text": text, "format": "csv", "kind": "people"}
    assert await filled.done(OPERATOR, IMPORTS, body) == counts(added=1)
    found = (await filled.as_("li.juan").get(f"{PEOPLE}/li.ming")).json()
    assert (found["name"], found["roles"]) == ("李明", ["handler", "liaison"])


async def test_only_operators_import_and_change(filled: Suite) -> None:
    for person in ("li.juan", "deng.jie", "zhou.zhiyuan"):
        refused = await filled.do(person, IMPORTS, {"text": SAMPLE})
        expect_problem(refused, 403, "denied")


async def test_lists_are_whole_ordered_and_know_names(filled: Suite) -> None:
    people = await listed(filled, PEOPLE)
    codes = [person["id"] for person in people]
    assert codes == sorted(set(codes))
    assert {"li.juan", "zhou.zhiyuan"} <= set(codes)
    assert next(p["name"] for p in people if p["id"] == "luo.hai") == "罗海"
    units = await listed(filled, "/directory/v1/units", organ="npc")
    assert "meetings-section" in [unit["id"] for unit in units]
    assert {unit["organ"] for unit in units} == {"npc"}
    of_water = await listed(filled, PEOPLE, unit="water")
    assert {person["unit"] for person in of_water} == {"water"}


async def test_one_entry_is_changed_whole_and_checked_against_the_others(
    filled: Suite,
) -> None:
    client, path = filled.as_(OPERATOR), "/directory/v1/units/county-government"

    async def put(body: Any) -> Any:
        return await client.put(path, json=body, headers={"Idempotency-Key": str(uuid4())})

    ring = {"name": "县政府", "organ": "gov", "parent": "documents-section"}
    problem = expect_problem(await put(ring), 409, "refused")
    assert problem["rule"] == "units_are_a_tree"
    done = await put({"name": "云岭县政府", "organ": "gov"})
    assert done.status_code == 200, done.text
    read = (await filled.as_("li.juan").get(path)).json()
    assert read["name"] == "云岭县政府"
    assert (await filled.as_("li.juan").get("/directory/v1/units/xyz")).status_code == 404


async def test_a_liaison_announces_a_departure_in_the_own_unit_alone(filled: Suite) -> None:
    takes_over = (
        "people: [{id: he.qiang, name: 贺强, post: 局长, unit: water, roles: [unit_head]}]"
    )
    assert await filled.done(OPERATOR, IMPORTS, {"text": takes_over}) == counts(added=1)
    path, body = f"{PEOPLE}/luo.hai/departure", {"taken_over_by": "he.qiang"}
    expect_problem(await filled.do("ye.li", path, body), 403, "denied")
    elsewhere = await filled.do("deng.jie", path, {"taken_over_by": "sun.li"})
    refused = expect_problem(elsewhere, 409, "refused")
    assert refused["rule"] == "successor_is_of_the_unit"
    assert (await filled.do("deng.jie", path, body)).status_code == 201
    again = expect_problem(await filled.do("deng.jie", path, body), 409, "refused")
    assert again["rule"] == "person_is_in_office"

    async def gone() -> bool:
        people = await listed(filled, PEOPLE, unit="water")
        return "luo.hai" not in [person["id"] for person in people]

    await eventually(gone)
    everybody = await listed(filled, PEOPLE, unit="water", left="true")
    assert next(p for p in everybody if p["id"] == "luo.hai")["taken_over_by"] == "he.qiang"
    unknown = await filled.do("deng.jie", f"{PEOPLE}/nobody/departure", {})
    expect_problem(unknown, 404, "not-found")


async def test_who_is_erased_has_no_name_anywhere_and_gets_none_back(filled: Suite) -> None:
    assert (await filled.do(OPERATOR, f"{PEOPLE}/du.peng/erasure")).status_code == 201
    read = filled.as_("li.juan")

    async def forgotten() -> bool:
        (person,) = [p for p in await listed(filled, PEOPLE) if p["id"] == "du.peng"]
        return bool(person["name"] == "〔已删除〕")

    await eventually(forgotten)
    assert (await read.get(f"{PEOPLE}/du.peng")).json()["name"] is None
    done = await filled.done(OPERATOR, IMPORTS, {"text": SAMPLE})
    assert done["added"] == 0
    assert await forgotten()


async def test_history_still_verifies(filled: Suite) -> None:
    answer = await filled.as_(OPERATOR).get("/directory/admin/v1/verification")
    assert answer.json() == {"intact": True, "faults": []}
