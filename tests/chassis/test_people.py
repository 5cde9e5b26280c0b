"""Who is who: the organisation file, and what is looked up in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.people import People, Person, Substitute
from suite.local import SAMPLE
from suite.organisation import OrganisationError, load_people

PEOPLE = load_people(SAMPLE / "organisation.yaml")


def load(tmp_path: Path, content: str) -> People:
    file = tmp_path / "organisation.yaml"
    file.write_text(content)
    return load_people(file)


def test_the_sample_organisation_has_two_organs_with_a_principal_each() -> None:
    assert PEOPLE.with_role("principal", organ="gov") == ["zhou.zhiyuan"]
    assert PEOPLE.with_role("principal", organ="npc") == ["lin.guodong"]


def test_a_unit_is_found_by_its_id_and_by_its_name() -> None:
    assert PEOPLE.unit_named("water") is PEOPLE.unit_named("县水利局")
    with pytest.raises(KeyError):
        PEOPLE.unit_named("县气象局")


def test_a_section_is_found_by_what_it_does_for_its_organ() -> None:
    assert PEOPLE.with_function("section_head", "supervision", "gov") == ["sun.li"]
    assert PEOPLE.with_function("section_head", "supervision", "npc") == []


def test_a_leaders_alerts_go_to_the_aide() -> None:
    assert PEOPLE.aides_of("chen.jianguo") == ["fan.lin"]
    assert PEOPLE.aides_of("lin.guodong") == []


def test_who_takes_over_is_known_to_the_demo_as_well() -> None:
    assert PEOPLE.with_role("unit_head", unit="water") == ["luo.hai", "he.qiang"]


def test_a_substitute_stands_in_for_a_time_and_while_in_office() -> None:
    noon = datetime(2025, 5, 2, 4, tzinfo=UTC)
    before, after = noon - timedelta(days=1), noon + timedelta(days=1)
    he = Person(id="he.jing", name="何静", unit="office")
    away = replace(he, id="zhao.wenbin", left_at=noon)
    substitutes = (
        Substitute(person="he.jing", since=noon, until=after),
        Substitute(person="zhao.wenbin"),
    )
    fan = Person(id="fan.lin", name="范琳", unit="office", substitutes=substitutes)
    people = People({}, {}, {p.id: p for p in (he, away, fan)})
    assert people.substitutes_of("fan.lin", noon) == ["he.jing"]
    assert people.substitutes_of("fan.lin", before) == []
    assert people.substitutes_of("fan.lin", after) == []


def test_a_role_of_somebody_unknown_is_no_role() -> None:
    assert PEOPLE.has_role("zhou.zhiyuan", "principal", "aide")
    assert not PEOPLE.has_role("nobody", "principal")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("units: [{id: water, name: 水利局, organ: gov}]", "no organ gov"),
        (
            (
                "organs: [{id: gov, name: 政府}]\n"
                "units: [{id: water, name: 水利局, organ: gov, parent: office}]"
            ),
            "no unit office",
        ),
        (
            "people: [{id: li.juan, name: 李娟, post: 文书, unit: office}]",
            "no unit office",
        ),
        ("organs: [{id: Gov, name: 政府}]", "id"),
        ("organs: [{id: gov, name: 政府, colour: red}]", "colour"),
        ("organs: [", "organisation.yaml"),
    ],
)
def test_a_faulty_file_is_refused_with_the_fault(
    tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(OrganisationError, match=said):
        load(tmp_path, content)


def test_without_a_file_nobody_is_known() -> None:
    assert not load_people(None).people


def test_the_work_of_who_left_is_done_by_the_last_who_took_it_over() -> None:
    left = datetime(2025, 8, 11, tzinfo=UTC)

    def gone(person: str, to: str | None) -> Person:
        return Person(id=person, name="", unit="water", left_at=left, taken_over_by=to)

    there = Person(id="d", name="", unit="water")
    known = [gone("a", "b"), gone("b", "d"), gone("c", None), gone("e", "f"), there]
    people = People(people={p.id: p for p in [*known, gone("f", "e"), gone("g", "x")]})
    assert [people.now_doing(p) for p in ("a", "b", "c", "d", "g", "x")] == [
        "d",
        "d",
        "c",
        "d",
        "x",
        "x",
    ]
    assert people.now_doing("e") == "f"  # a ring leads nowhere, and ends
