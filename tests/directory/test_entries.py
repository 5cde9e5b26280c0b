"""The rules of the directory: a tree of units, people who are somewhere, and how they leave."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from services.directory.domain.commands import (
    AnnounceDeparture,
    ChangeOrgan,
    ChangePerson,
    ChangeUnit,
    EraseSubject,
    NamePerson,
)
from services.directory.domain.entries import (
    PERSON,
    Named,
    OrganEntry,
    Organisation,
    PersonEntry,
    Substitute,
    UnitEntry,
    item_id,
)
from services.directory.domain.events import (
    OrganChanged,
    PersonChanged,
    PersonLeft,
    PersonNamed,
    SubjectErased,
    UnitChanged,
)
from services.directory.domain.organ import Organ
from services.directory.domain.person import Person
from services.directory.domain.refusals import (
    AlreadyLeftError,
    DepartureAheadError,
    LeaderUnknownError,
    OrganUnknownError,
    ParentElsewhereError,
    ParentUnknownError,
    SubstituteUnknownError,
    SuccessorElsewhereError,
    SuccessorUnknownError,
    SuperiorUnknownError,
    UnitCycleError,
    UnitLeavesOrganError,
    UnitUnknownError,
)
from services.directory.domain.unit import Unit

NOW = datetime(2025, 8, 11, 1, tzinfo=UTC)
GOV, NPC = OrganEntry(id="gov", name="县政府"), OrganEntry(id="npc", name="县人大")
OFFICE = UnitEntry(id="office", name="办公室", organ="gov")
WATER = UnitEntry(id="water", name="县水利局", organ="gov", parent="office")
COMMITTEE = UnitEntry(id="committee", name="农工委", organ="npc")
LUO = PersonEntry(id="luo.hai", unit="water", posts=("局长",), roles=("unit_head",))
HE = replace(LUO, id="he.qiang")
KNOWN = Organisation(
    organs={"gov": GOV, "npc": NPC},
    units={"office": OFFICE, "water": WATER, "committee": COMMITTEE},
    people={"luo.hai": LUO, "he.qiang": HE},
)
LEFT = PersonLeft(entry=LUO, left_at=NOW, taken_over_by="he.qiang", announced_by="deng.jie")
DEPART = AnnounceDeparture(
    left_at=NOW, taken_over_by="he.qiang", known=KNOWN, announced_by="deng.jie", now=NOW
)
NAMED = Named(name="罗海", mobile="13800000000")
LUO_NAMED = PersonNamed(
    person="luo.hai",
    subject=item_id(PERSON, "luo.hai"),
    name="罗海",
    mobile="13800000000",
)
ERASED = SubjectErased(
    person="luo.hai", subject=item_id(PERSON, "luo.hai"), erased_by="operator"
)


def test_an_organ_that_changed_is_told_whole_and_one_that_did_not_is_not() -> None:
    given(Organ()).when(ChangeOrgan(entry=GOV)).then(OrganChanged(entry=GOV))
    past = OrganChanged(entry=GOV)
    given(Organ(), past).when(ChangeOrgan(entry=GOV)).then_nothing()


def test_a_unit_stands_under_another_of_its_organ() -> None:
    command = ChangeUnit(entry=WATER, known=KNOWN)
    given(Unit()).when(command).then(UnitChanged(entry=WATER))
    given(Unit(), UnitChanged(entry=WATER)).when(command).then_nothing()


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (replace(WATER, organ="xyz"), OrganUnknownError),
        (replace(WATER, parent="xyz"), ParentUnknownError),
        (replace(WATER, parent="committee"), ParentElsewhereError),
        (replace(WATER, parent="water"), UnitCycleError),
        (replace(OFFICE, parent="water"), UnitCycleError),
    ],
)
def test_a_unit_that_stands_nowhere_elsewhere_or_under_itself_is_refused(
    entry: UnitEntry, refusal: type
) -> None:
    known = replace(KNOWN, units={**KNOWN.units, entry.id: entry})
    given(Unit()).when(ChangeUnit(entry=entry, known=known)).then_refused(refusal)


def test_a_unit_stays_in_its_organ() -> None:
    moved = replace(WATER, organ="npc", parent=None)
    given(Unit(), UnitChanged(entry=WATER)).when(
        ChangeUnit(entry=moved, known=KNOWN)
    ).then_refused(UnitLeavesOrganError, organ="gov")


def test_a_person_works_in_a_unit_that_is_there() -> None:
    command = ChangePerson(entry=LUO, known=KNOWN)
    given(Person()).when(command).then(PersonChanged(entry=LUO))
    given(Person(), PersonChanged(entry=LUO)).when(command).then_nothing()


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (replace(LUO, unit="xyz"), UnitUnknownError),
        (replace(LUO, superior="nobody"), SuperiorUnknownError),
        (replace(LUO, superior="luo.hai"), SuperiorUnknownError),
        (replace(LUO, aide_of=("luo.hai",)), LeaderUnknownError),
        (replace(LUO, substitutes=(Substitute(person="nobody"),)), SubstituteUnknownError),
        (
            replace(
                LUO, substitutes=(Substitute(person="he.qiang", since=NOW, until=NOW),)
            ),
            SubstituteUnknownError,
        ),
    ],
)
def test_a_person_who_names_nobody_or_themselves_is_refused(
    entry: PersonEntry, refusal: type
) -> None:
    given(Person()).when(ChangePerson(entry=entry, known=KNOWN)).then_refused(refusal)


def test_a_name_is_an_event_of_its_own_and_told_once() -> None:
    named = NamePerson(person="luo.hai", named=NAMED)
    given(Person(), PersonChanged(entry=LUO)).when(named).then(LUO_NAMED)
    given(Person(), PersonChanged(entry=LUO), LUO_NAMED).when(named).then_nothing()


def test_who_leaves_names_who_takes_over() -> None:
    given(Person(), PersonChanged(entry=LUO)).when(DEPART).then(LEFT)


def test_a_departure_is_announced_of_somebody_there_once_and_when_it_has_come() -> None:
    there = PersonChanged(entry=LUO)
    ahead = replace(DEPART, left_at=NOW + timedelta(seconds=1))
    given(Person()).when(DEPART).then_refused(UnknownItemError)
    given(Person(), there, LEFT).when(DEPART).then_refused(AlreadyLeftError)
    given(Person(), there).when(ahead).then_refused(DepartureAheadError)


@pytest.mark.parametrize("taken_over_by", ["nobody", "luo.hai", "he.qiang"])
def test_work_is_handed_to_somebody_else_in_office(taken_over_by: str) -> None:
    known = replace(KNOWN, left=frozenset({"he.qiang"}))
    command = replace(DEPART, taken_over_by=taken_over_by, known=known)
    given(Person(), PersonChanged(entry=LUO)).when(command).then_refused(
        SuccessorUnknownError, taken_over_by=taken_over_by
    )


def test_a_unit_hands_work_over_within_itself_and_an_operator_to_anybody() -> None:
    he = replace(HE, unit="office")
    known = replace(KNOWN, people={"luo.hai": LUO, "he.qiang": he})
    there = PersonChanged(entry=LUO)
    by_the_unit = replace(DEPART, known=known, within="water")
    given(Person(), there).when(by_the_unit).then_refused(
        SuccessorElsewhereError, taken_over_by="he.qiang"
    )
    given(Person(), there).when(replace(by_the_unit, known=KNOWN)).then(LEFT)
    given(Person(), there).when(replace(by_the_unit, within=None)).then(LEFT)


def test_whoever_left_stays_away_until_they_are_entered_anew_or_otherwise() -> None:
    past = PersonChanged(entry=LUO), LEFT
    again = ChangePerson(entry=LUO, known=KNOWN)
    given(Person(), *past).when(again).then_nothing()
    given(Person(), *past).when(replace(again, back=True)).then(past[0])
    adviser = replace(LUO, posts=("顾问",))
    given(Person(), *past).when(replace(again, entry=adviser)).then(
        PersonChanged(entry=adviser)
    )


def test_who_was_erased_is_never_named_again() -> None:
    there = PersonChanged(entry=LUO), LUO_NAMED
    erase = EraseSubject(erased_by="operator")
    given(Person(), *there).when(erase).then(ERASED)
    given(Person(), *there, ERASED).when(erase).then_nothing()
    named = NamePerson(person="luo.hai", named=NAMED)
    given(Person(), *there, ERASED).when(named).then_nothing()
    given(Person()).when(erase).then_refused(UnknownItemError)
