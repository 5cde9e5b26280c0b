"""Whatever is asked of a matter, in whatever order, what it promises stays true."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.supervision.domain import commands as c
from services.supervision.domain.events import (
    MatterAssigned,
    MatterClosed,
    MatterCompleted,
    MatterDecomposed,
    MatterEscalated,
    MatterEvent,
    MatterOpened,
    MatterRoundOpened,
    SubMatterCompleted,
    UrgingSheetPrepared,
)
from services.supervision.domain.ladder import is_step
from tests.support.matter_stories import LATER, play, stories
from tests.support.matter_wishes import (
    CHILD_DONE,
    DECOMPOSE,
    DUE,
    GIVEN,
    PINNED,
    REPORT,
    VOTES,
    YEAR,
)


@given(stories())
def test_a_matter_completes_once_at_most_and_nothing_follows_its_closing(
    story: list[c.MatterCommand],
) -> None:
    happened = play(story)
    assert sum(isinstance(event, MatterOpened) for event in happened) == 1
    completed = [event for event in happened if isinstance(event, MatterCompleted)]
    assert len(completed) <= 1
    for event in happened:
        if isinstance(event, MatterClosed):
            assert event is happened[-1]
            assert [event.late_work_days] == [one.late_work_days for one in completed]


@given(stories())
def test_rungs_are_reached_once_and_in_their_order(story: list[c.MatterCommand]) -> None:
    reached = [
        event.rung
        for event in play(story)
        if isinstance(event, UrgingSheetPrepared | MatterEscalated)
    ]
    ladder = [rung.code for rung in PINNED if is_step(rung)]
    assert reached == ladder[: len(reached)]


@given(stories())
def test_no_order_completes_a_matter_before_its_children(
    story: list[c.MatterCommand],
) -> None:
    expect_children_first(play(story))


OPINION = c.OpenFromOpinion(
    matter_id=UUID(int=1),
    organ="npc",
    opinion_id=UUID(int=9),
    opinion_no="云人常办〔2025〕21号",
    addressed_organ="gov",
    handed_over_by="asker",
    handed_over_at=GIVEN,
    due=DUE,
    statutory_last_day=None,
    comment_due=DUE,
    calendar=YEAR,
)


@given(st.lists(DECOMPOSE | CHILD_DONE | REPORT | VOTES | LATER, max_size=30))
def test_an_opinion_is_never_assigned_and_completes_once_a_round_after_its_children(
    story: list[c.MatterCommand],
) -> None:
    happened = play([OPINION, *story])
    expect_children_first(happened)
    completed = rounds = 0
    for event in happened:
        completed += isinstance(event, MatterCompleted)
        rounds += isinstance(event, MatterRoundOpened)
        assert completed <= rounds + 1
    assert all(getattr(event, "lead", None) is None for event in happened)
    assert not any(isinstance(event, MatterAssigned) for event in happened)


def expect_children_first(happened: list[MatterEvent]) -> None:
    going = set[UUID]()
    for event in happened:
        if isinstance(event, MatterDecomposed):
            going.add(event.child_id)
        elif isinstance(event, SubMatterCompleted):
            going.remove(event.child_id)
        elif isinstance(event, MatterCompleted):
            assert not going


@given(st.lists(LATER, max_size=20))
def test_nothing_happens_before_it_is_opened(story: list[c.MatterCommand]) -> None:
    assert play(story) == []
