"""Incoming documents: what holds whatever is asked, and in whatever order."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies

from chassis.domain import RefusedError
from chassis.workdays import Calendar, YearCalendar
from services.documents.domain.incoming import commands, events
from services.documents.domain.incoming.commands import IncomingCommand
from services.documents.domain.incoming.document import INCOMING, Document
from services.documents.domain.incoming.events import IncomingEvent
from services.documents.domain.limits import Limits
from services.documents.domain.refusals import ClassifiedContentError
from services.documents.domain.words import Secrecy, Urgency

YEAR = YearCalendar(
    year=2025,
    off=frozenset({date(2025, 5, 1)}),
    work=frozenset(),
    names={},
    source="",
    confirmed=True,
)
CLASSIFIED = [word for word in Secrecy if word is not Secrecy.NONE]
DAYS = [datetime(2025, month, 9, 10, tzinfo=UTC) for month in range(4, 8)]
any_moment = strategies.datetimes(timezones=strategies.just(UTC))
moments = strategies.sampled_from(DAYS)
people = strategies.sampled_from(["chen.jianguo", "zhou.zhiyuan"])
units = strategies.sampled_from(["县水利局", "青石镇人民政府"])
ids = strategies.sampled_from([UUID(int=1), UUID(int=2)])


def receipts(*secrecy: Secrecy) -> strategies.SearchStrategy[commands.ReceiveDocument]:
    """Return receipts of items of that *secrecy*, at a site without a licence."""
    return strategies.builds(
        commands.ReceiveDocument,
        secrecy=strategies.sampled_from(secrecy),
        urgency=strategies.sampled_from([Urgency.NONE, Urgency.EXTRA_URGENT]),
        received_at=moments,
        outside_due=strategies.one_of(strategies.none(), moments, any_moment),
        limits=strategies.just(Limits(register_minutes={Urgency.EXTRA_URGENT: 30})),
        calendar=strategies.just(Calendar(years={2025: YEAR})),
    )


acts: strategies.SearchStrategy[IncomingCommand] = strategies.one_of(
    receipts(Secrecy.NONE),
    strategies.builds(commands.RegisterDocument, registered_at=moments),
    strategies.builds(commands.MarkStepOverdue, due=moments),
    strategies.builds(commands.MarkAnswerNearDue, outside_due=moments),
    strategies.builds(
        commands.GiveInstruction,
        given_by=people,
        giver_leads=strategies.sampled_from([True, True, False]),
        addressee=strategies.none() | people,
        lead=strategies.none() | units,
        co=strategies.lists(units, max_size=2).map(tuple),
        within_work_days=strategies.integers(0, 251),
        given_at=moments,
        recorded_at=moments,
    ),
    strategies.builds(commands.RecordHandling, matter_id=ids, completed_at=moments),
    strategies.builds(
        commands.AnswerDocument, answered_at=moments, answer_id=strategies.none() | ids
    ),
    strategies.builds(commands.RecordDisposition),
)


@for_all(strategies.lists(acts, max_size=30))
def test_every_wish_is_granted_or_refused_and_the_past_is_in_order(
    asked: list[IncomingCommand],
) -> None:
    document, past = Document(), list[IncomingEvent]()
    for command in asked:
        try:
            decided = document.decide(command)
        except RefusedError:
            continue
        for event in decided:
            document = document.evolve(event)
            past.append(event)
    for once in (
        events.DocumentReceived,
        events.DocumentRegistered,
        events.AnswerNearDue,
        events.DocumentAnswered,
        events.DispositionRecorded,
    ):
        assert sum(isinstance(event, once) for event in past) <= 1
    overdue = [event.step for event in past if isinstance(event, events.StepOverdue)]
    assert len(overdue) == len(set(overdue))
    assert all(isinstance(event, INCOMING.events) for event in past)
    assert not past or isinstance(past[0], events.DocumentReceived)


@for_all(receipts(*CLASSIFIED))
def test_whatever_is_classified_is_refused_without_facts(
    classified: commands.ReceiveDocument,
) -> None:
    for document in (Document(), Document(received=True)):
        with pytest.raises(ClassifiedContentError) as refused:
            document.decide(classified)
        assert refused.value.facts == {}
