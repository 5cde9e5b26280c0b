"""What an import says of a faulty file: everything, each with its line, in both languages."""

from pathlib import Path
from time import process_time

import pytest

from services.directory.api.files import MOST_PROBLEMS, Read, read_csv, read_yaml
from services.directory.domain.entries import (
    ORGAN,
    PERSON,
    UNIT,
    Organisation,
    PersonEntry,
    UnitEntry,
)
from services.directory.domain.importing import Import, faults_of
from suite.local import SAMPLE

FAULTY = """\
organs:
  - {id: gov, name: 县政府}
  - {id: gov, name: 县政府}
units:
  - id: office
    name: 办公室
    organ: gov
    parent: water
  - id: water
    name: 县水利局
    organ: gov
    parent: office
  - {id: Finance, name: 财政局, organ: gov, colour: red}
people:
  - {id: li.juan, name: 李娟, unit: xyz}
  - id: sun.li
    name: 孙立
    unit: office
    superior: nobody
    clearance: 9
"""
PEOPLE_CSV = """\
id,name,unit,post,roles
li.juan,李娟,office,文书,registry_clerk;liaison
"sun
.li",孙立,office,科长,
wang.lei,,office,科员,
"""


def problems_of(read: Read, known: Organisation | None = None) -> list[tuple[int, str]]:
    read.judge(faults_of(read.wanted, known or Organisation()))
    assert all(p.zh and p.en for p in read.problems)
    return sorted((p.line, p.at) for p in read.problems)


def test_every_fault_of_form_and_of_sense_is_listed_with_the_line_of_its_field() -> None:
    assert problems_of(read_yaml(FAULTY)) == [
        (3, "organs.id"),
        (8, "units.parent"),
        (12, "units.parent"),
        (13, "units.colour"),
        (13, "units.id"),
        (15, "people.unit"),
        (20, "people.clearance"),
    ]
    assert problems_of(read_yaml(FAULTY.replace("clearance: 9", "clearance: 1")))[-1] == (
        19,
        "people.superior",
    )


def test_what_names_a_faulty_line_is_no_fault_of_its_own() -> None:
    text = FAULTY.replace("unit: xyz", "unit: finance").replace(
        "id: Finance", "id: finance"
    )
    found = problems_of(read_yaml(text))
    assert (13, "units.colour") in found
    assert (15, "people.unit") not in found


@pytest.mark.parametrize("name", ["organisation.yaml", "handover-2025-08.yaml"])
def test_the_sample_can_be_read(name: str) -> None:
    base = read_yaml((SAMPLE / "organisation.yaml").read_text("utf-8"))
    read = read_yaml((SAMPLE / name).read_text("utf-8"))
    assert problems_of(read, base.wanted.onto(Organisation())) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("organs: [", 2),  # it ends before the list does
        ("", 1),
        ("- organs", 1),
        ("organs:\n  - gov\n", 2),
        ("organs: gov\n", 1),
        ("organs: []\nrooms: []\n", 2),
        ("organs:\n  - &a {id: gov, name: x}\n  - *a\n", 3),
        ("organs:\n  - {id: gov, id: gov, name: x}\n", 2),
        ("organs:\n  - {[1]: gov}\n", 2),
        ("a: " + "[" * 2000, 1),
        ("organs: \x07", 1),
    ],
)
def test_what_is_no_list_of_entries_is_one_problem_and_no_more(
    text: str, line: int
) -> None:
    assert problems_of(read_yaml(text)) == [(line, "file")]


@pytest.mark.parametrize("text", ["x: !!python/object:os.system {}", "a: !!int 0o17"])
def test_a_tag_makes_nothing_of_ours(text: str) -> None:
    assert problems_of(read_yaml(text)) == [(1, "file")]


def test_csv_has_one_kind_and_several_values_in_a_cell() -> None:
    read = read_csv(PEOPLE_CSV, PERSON)
    office = UnitEntry(id="office", name="办公室", organ="gov")
    known = Organisation(units={"office": office})
    assert problems_of(read, known) == [(3, "people.id"), (5, "people.name")]
    assert read.people[0].roles == ("liaison", "registry_clerk")
    units = read_csv("\ufeffid,name,organ,functions\nwater,县水利局,gov,a;b\n", UNIT)
    assert units.units[0].functions == ("a", "b")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (1, "header")),
        ("name\n县政府\n", (1, "header")),
        ("id,id\ngov,gov\n", (1, "header")),
        ("id,name\ngov,县政府,more\n", (2, "row")),
        ('id,name\ngov,"县政府\n', (2, "file")),
        ("id,name\ngov,县政府\ngov,县政府\n", (3, "organs.id")),
    ],
)
def test_a_faulty_csv_file_is_told_by_its_row(text: str, place: tuple[int, str]) -> None:
    assert problems_of(read_csv(text, ORGAN)) == [place]


def test_the_shipped_sample_has_what_the_design_names() -> None:
    text = Path(SAMPLE / "organisation.yaml").read_text("utf-8")
    read = read_yaml(text)
    functions = {f: unit.id for unit in read.units for f in unit.functions}
    assert functions == {
        "documents": "documents-section",
        "supervision": "supervision-section",
        "meetings": "meetings-section",
    }
    assert {unit.unit_class for unit in read.units} == {None, "bureau", "town", "committee"}


def test_a_file_with_more_problems_than_are_shown_is_read_no_further() -> None:
    entries = 20_000
    for read in (
        read_csv("id\n" + "A\n" * entries, ORGAN),
        read_yaml("organs:\n" + "- {id: A}\n" * entries),
    ):
        assert MOST_PROBLEMS < len(read.problems) < MOST_PROBLEMS + 5
        assert read.cut


def test_a_number_too_long_to_be_one_is_a_problem_of_its_line() -> None:
    read = read_yaml("organs:\n- {id: gov, name: a}\n- {id: " + "9" * 5000 + ", name: b}\n")
    assert [(problem.line, problem.at) for problem in read.problems] == [(3, "organs.id")]


def test_many_people_are_checked_against_each_other_in_one_pass() -> None:
    many = 20_000
    people = {
        f"p{n}": PersonEntry(id=f"p{n}", unit="office", posts=("科员",), superior="p0")
        for n in range(1, many)
    }
    office = UnitEntry(id="office", name="办公室", organ="gov")
    wanted = Import(units=(office,), people=tuple(people.values()))
    began = process_time()
    faults = list(faults_of(wanted, Organisation()))
    assert process_time() - began < 5  # a comparison of all with all would take minutes
    assert len(faults) == many
