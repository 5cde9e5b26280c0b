"""The law of the tree: whatever is entered in any order, every line of units ends at the top."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chassis.domain import RefusedError
from services.directory.domain.commands import ChangeUnit
from services.directory.domain.entries import OrganEntry, Organisation, UnitEntry
from services.directory.domain.importing import Import, changes_of, faults_of
from services.directory.domain.unit import Unit

ORGANS = {code: OrganEntry(id=code, name=code) for code in ("gov", "npc")}
CODES = st.sampled_from([f"u{n}" for n in range(6)])
UNITS = st.builds(
    UnitEntry,
    id=CODES,
    name=st.just("科室"),
    organ=st.sampled_from(["gov", "npc"]),
    parent=st.none() | CODES,
)


def is_forest(known: Organisation) -> bool:
    return all(
        (top := known.units[known.above(code)[-1]]).parent is None
        and top.organ == unit.organ
        for code, unit in known.units.items()
    )


@given(st.lists(UNITS, max_size=25))
def test_units_entered_one_by_one_are_always_trees(entered: list[UnitEntry]) -> None:
    known = Organisation(organs=ORGANS)
    states: dict[str, Unit] = {}
    for entry in entered:
        to_be = replace(known, units={**known.units, entry.id: entry})
        unit = states.get(entry.id, Unit())
        try:
            events = unit.decide(ChangeUnit(entry=entry, known=to_be))
        except RefusedError:
            continue
        for event in events:
            states[entry.id] = unit.evolve(event)
        known = to_be
        assert is_forest(known)


@given(st.lists(UNITS, max_size=8, unique_by=lambda unit: unit.id))
def test_an_import_without_a_fault_is_trees_and_repeating_it_changes_nothing(
    entered: list[UnitEntry],
) -> None:
    wanted = Import(units=tuple(entered))
    known = Organisation(organs=ORGANS)
    if not list(faults_of(wanted, known)):
        then = wanted.onto(known)
        assert is_forest(then)
        assert changes_of(wanted, known, {}).unchanged == 0
        again = changes_of(wanted, then, {})
        assert (again.added, again.changed, again.unchanged) == ((), (), len(entered))
