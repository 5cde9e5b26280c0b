"""The page of faults says what the last run found, and nothing else."""

from dataclasses import replace

import pytest

from tests.faults.fault import SHORT, Tier
from tests.faults.known import UnknownFaultError, all_faults, chosen
from tests.faults.page import JSON, PAGE, found, page, pictures, read
from tests.faults.results import Judged, Results, Run, Sample, merged
from tests.faults.soak_picture import drawn
from tests.faults.wording import INVARIANTS

RUN = Run(
    fault="F6.killed",
    told="Kafka gets SIGKILL",
    tier="short",
    seed=1,
    began="2026-11-22 10:00 UTC",
    seconds=12.0,
    ok=5,
    recovered=2.5,
    verdicts={"I1": Judged(counted={"answered OK": 5}, violations=[])},
)


def test_the_page_is_what_its_figures_make_of_it() -> None:
    assert PAGE.read_text("utf-8") == page(read(), found()), (
        "docs/FAULTS.md: write it anew with `make faults ARGS=--page`"
    )


def test_its_pictures_are_what_was_measured() -> None:
    shown = {p.name: p.read_text("utf-8") for p in JSON.parent.glob("*.svg")}
    assert shown == pictures(read())


def test_a_soak_shows_each_process_that_lasted_and_no_second_instance() -> None:
    names = ("directory", "documents", "notifier-decider", "supervision")
    there = [
        Sample(at=t, process=p, resident=9, descriptors=9) for t in (0, 90) for p in names
    ]
    later = Sample(at=80.0, process="documents-2", resident=9, descriptors=9)
    picture = drawn([*there, later])
    assert all(f">{name}<" in picture for name in names)
    assert later.process not in picture
    assert picture.count("<polyline") == 2 * len(names)


def test_every_fault_is_known_by_one_name_and_checked_for_known_invariants() -> None:
    faults = all_faults()
    assert len({fault.name for fault in faults}) == len(faults)
    for fault in faults:
        assert fault.invariants, fault.name
        assert fault.invariants <= INVARIANTS.keys(), fault.name


def test_faults_are_chosen_by_number_by_name_or_by_tier() -> None:
    assert {fault.id for fault in chosen("F6,F7.killed", None)} == {"F6", "F7"}
    assert {fault.name for fault in chosen("", Tier.SHORT)} == SHORT
    with pytest.raises(UnknownFaultError):
        chosen("F999", None)


def test_a_run_that_was_interrupted_goes_on_behind_what_was_done_well(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("results") / "results.jsonl"
    (fault,) = chosen(RUN.fault, None)
    violated = {"I1": Judged(counted={}, violations=["One was lost."])}
    first = Results(file, fresh=True)
    first.add(RUN)
    first.add(replace(RUN, seed=2, verdicts=violated))
    again = Results(file, fresh=False)
    assert again.runs == first.runs
    assert again.had(fault, 1)
    assert not again.had(fault, 2)
    assert not Results(file, fresh=True).had(fault, 1)


def test_a_violation_is_told_with_what_brings_it_about_again() -> None:
    violated = {"I4": Judged(counted={}, violations=["The event e was lost."])}
    run = replace(RUN, seed=7, verdicts=violated)
    told = page(replace(read(), runs=[run]), [])
    assert "**violated: I4**" in told
    assert "--only F6.killed --seed 7" in told
    assert "The event e was lost." in told


def test_a_part_goes_beside_what_was_there_of_other_faults() -> None:
    other = replace(RUN, fault="F10.slow")
    newer = replace(RUN, seed=3)
    assert merged([other, RUN], [newer]) == [newer, other]
