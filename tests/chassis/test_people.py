"""Who is who: the organisation file, and what is looked up in it."""

from pathlib import Path

import pytest

from chassis.people import OrganisationError, People
from suite.local import SAMPLE

PEOPLE = People.load(SAMPLE / "organisation.yaml")


def load(tmp_path: Path, content: str) -> People:
    file = tmp_path / "organisation.yaml"
    file.write_text(content)
    return People.load(file)


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


def test_a_role_of_somebody_unknown_is_no_role() -> None:
    assert PEOPLE.has_role("zhou.zhiyuan", "principal", "aide")
    assert not PEOPLE.has_role("nobody", "principal")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("units: [{id: water, name: 水利局, organ: gov}]", "names organ gov"),
        (
            (
                "organs: [{id: gov, name: 政府}]\n"
                "units: [{id: water, name: 水利局, organ: gov, parent: office}]"
            ),
            "names parent office",
        ),
        (
            "people: [{id: li.juan, name: 李娟, post: 文书, unit: office}]",
            "names unit office",
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
    assert not People.load(None).people
