"""What others may know of documents: no title, no text, nobody's name."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from types import NoneType
from typing import Any, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from chassis import wire
from chassis.domain import Event, Personal
from chassis.series import NUMBER_SERIES
from services.documents.contracts import TOPICS, to_public
from services.documents.domain import words
from services.documents.domain.incoming import events as incoming
from services.documents.domain.incoming.document import INCOMING
from services.documents.domain.outgoing import events as outgoing
from services.documents.domain.outgoing.document import OUTGOING
from shuniu.documents.v1 import events_pb2 as public
from shuniu.office.v1 import words_pb2 as office

TOLD: dict[type[Event], type[Message]] = {
    incoming.DocumentReceived: public.DocumentReceived,
    incoming.StepOverdue: public.StepOverdue,
    incoming.AnswerNearDue: public.AnswerNearDue,
    incoming.InstructionGiven: public.InstructionGiven,
    incoming.DocumentAnswered: public.DocumentAnswered,
    incoming.DispositionRecorded: public.DispositionRecorded,
    outgoing.DocumentIssued: public.DocumentIssued,
}
UNTOLD: set[type[Event]] = {
    incoming.DocumentRegistered,
    incoming.HandlingRecorded,
    outgoing.DocumentDrafted,
    outgoing.DocumentSigned,
    outgoing.DocumentRegistered,
    outgoing.DocumentPrinted,
    outgoing.SealUsed,
    outgoing.ReceiptConfirmed,
    *NUMBER_SERIES.events,
}
SHOWN = {
    "organ",
    "receipt_no",
    "normalised_doc_no",
    "doc_no",
    "answer_no",
    "answered_doc_no",
}
SHOWN |= {"received_by", "given_by", "recorded_by", "issued_by", "addressee"}
SHOWN |= {"lead", "co", "main_to"}
HIDDEN = {"title", "text", "sender", "sender_doc_no", "contact"}
RENAMED = {"sender_doc_no": "normalised_doc_no"}
ENUMERATIONS: list[tuple[type[StrEnum], Any]] = [
    (words.Urgency, office.Urgency),
    (words.Medium, public.Medium),
    (words.Step, public.Step),
    (words.InstructionKind, public.InstructionKind),
    (words.Disposition, public.Disposition),
    (words.Retention, public.Retention),
    (words.DocType, public.DocType),
]
told = pytest.mark.parametrize("event_class", TOLD, ids=lambda c: c.__name__)
enumerations = pytest.mark.parametrize(
    ("kind", "wired"), ENUMERATIONS, ids=[kind.__name__ for kind, _ in ENUMERATIONS]
)
moments = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001 - the same
    timezones=st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))),
)


def value(hint: Any, name: str, place: int) -> Any:
    """Return something for a field: a text says which field it stands in."""
    kind = next((k for k in get_args(hint) if k is not NoneType), hint)
    if get_origin(hint) is tuple:
        return (f"<{name}>", f"<{name}>")
    if issubclass(kind, StrEnum):
        return list(kind)[-1]
    samples: Mapping[Any, Any] = {
        str: f"<{name}>",
        UUID: UUID(int=place + 1),
        datetime: datetime(2025, 4, place + 1, 8, 30, tzinfo=UTC),
        int: place + 1,
        bool: True,
    }
    return samples.get(kind)


def filled(event_class: type[Event]) -> Event:
    """Return an event of which nothing is absent and no two fields are alike."""
    hints = get_type_hints(event_class)
    return event_class(
        **{
            f.name: value(hints[f.name], f.name, n)
            for n, f in enumerate(fields(event_class))
        }
    )


def bare(event_class: type[Event]) -> Event:
    """Return an event of which everything is absent that may be."""
    hints = get_type_hints(event_class)
    absent = {name: None for name, hint in hints.items() if NoneType in get_args(hint)}
    empty = {name: () for name, hint in hints.items() if get_origin(hint) is tuple}
    return replace(filled(event_class), **absent, **empty)


def message_of(event: Event) -> Message:
    message = to_public(cast("incoming.IncomingEvent", event))
    assert message is not None
    return message


def plain(message: Message, name: str) -> object:
    """Return what stands in a field, as the domain would say it."""
    found = getattr(message, name)
    kind = message.DESCRIPTOR.fields_by_name[name]
    if isinstance(found, Timestamp):
        return wire.moment(found)
    if kind.enum_type is not None:
        return kind.enum_type.values_by_number[found].name
    return tuple(found) if kind.is_repeated else found


def expected(event: Event, name: str) -> object:
    """Return what the event says that belongs in the message's field *name*."""
    said = getattr(event, RENAMED.get(name, name))
    if isinstance(said, StrEnum):
        kind = next(wired for words_, wired in ENUMERATIONS if isinstance(said, words_))
        return kind.Name(wire.value_of(kind, said))
    return str(said) if isinstance(said, UUID) else said


def test_every_event_is_told_or_decidedly_not() -> None:
    every = {*INCOMING.events, *OUTGOING.events, *NUMBER_SERIES.events}
    assert TOLD.keys() | UNTOLD == every
    contract = public.DESCRIPTOR.message_types_by_name.values()
    assert {told.DESCRIPTOR for told in TOLD.values()} == {*contract}
    for event_class, message_class in TOLD.items():
        assert type(message_of(filled(event_class))) is message_class
    for event_class in UNTOLD:
        assert to_public(cast("incoming.IncomingEvent", filled(event_class))) is None
    with pytest.raises(AssertionError):
        to_public(cast("incoming.IncomingEvent", object()))


def test_both_categories_have_their_topic() -> None:
    assert {
        INCOMING.name: "public.documents.incoming.v1",
        OUTGOING.name: "public.documents.outgoing.v1",
    } == TOPICS


@told
def test_a_message_says_all_that_its_event_says_and_each_under_its_name(
    event_class: type[Event],
) -> None:
    event = filled(event_class)
    message = message_of(event)
    names = [field.name for field in message.DESCRIPTOR.fields]
    assert {field.name for field, _ in message.ListFields()} == set(names)
    assert {name: plain(message, name) for name in names} == {
        name: expected(event, name) for name in names
    }


@told
def test_what_is_absent_stays_unset(event_class: type[Event]) -> None:
    event = bare(event_class)
    message = message_of(event)
    assert type(message).FromString(message.SerializeToString()) == message
    for field, _ in message.ListFields():
        assert getattr(event, RENAMED.get(field.name, field.name)) not in (None, ())


def test_no_text_and_no_name_leaves_the_house() -> None:
    texts, personal = set[str](), set[str]()
    for event_class in TOLD:
        for name, hint in get_type_hints(event_class, include_extras=True).items():
            marked = any(isinstance(mark, Personal) for mark in get_args(hint))
            personal |= {name} if marked else set()
        event = filled(event_class)
        stated = [str(getattr(event, field.name)) for field in fields(event)]
        texts |= set(re.findall(r"<(\w+)>", " ".join(stated)))
    assert texts == SHOWN | HIDDEN, "a new text: may others know it?"
    assert personal <= HIDDEN
    told_all = b" ".join(message_of(filled(c)).SerializeToString() for c in TOLD)
    assert {name.decode() for name in re.findall(rb"<(\w+)>", told_all)} == SHOWN


@enumerations
def test_every_word_has_its_value_and_every_value_its_word(
    kind: type[StrEnum], wired: Any
) -> None:
    values = [wire.value_of(wired, word) for word in kind]
    assert sorted(values) == sorted(wired.values())[1:]
    assert [wire.code_of(wired, value) for value in values] == [
        word.value.lower() for word in kind
    ]


@pytest.mark.parametrize("urgency", words.Urgency)
def test_an_urgency_is_the_same_code_on_the_other_side(urgency: words.Urgency) -> None:
    given_one = cast("incoming.InstructionGiven", filled(incoming.InstructionGiven))
    message = to_public(replace(given_one, urgency=urgency))
    assert isinstance(message, public.InstructionGiven)
    assert wire.code_of(office.Urgency, message.urgency) == urgency.value


def test_a_code_or_value_of_another_time_is_not_guessed() -> None:
    assert wire.value_of(office.Urgency, "") == office.URGENCY_UNSPECIFIED
    assert wire.value_of(office.Urgency, "yesterday") == office.URGENCY_UNSPECIFIED
    assert wire.code_of(office.Urgency, office.URGENCY_UNSPECIFIED) is None
    assert wire.code_of(office.Urgency, 99) is None


@given(moments)
def test_a_moment_comes_back_in_utc(moment: datetime) -> None:
    event = cast("incoming.AnswerNearDue", filled(incoming.AnswerNearDue))
    message = message_of(replace(event, outside_due=moment))
    back = wire.moment_if_set(message, "outside_due")
    assert back == moment
    assert back.tzinfo is UTC


def test_a_moment_that_is_unset_is_none_and_one_without_a_zone_is_a_defect() -> None:
    assert wire.moment_if_set(public.DocumentReceived(), "outside_due") is None
    with pytest.raises(ValueError, match="zone"):
        wire.timestamp(datetime(2025, 4, 25, 16, 40))  # noqa: DTZ001 - the point
