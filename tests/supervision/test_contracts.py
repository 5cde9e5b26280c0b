"""What others may know of matters: no subject, no report, nobody's name."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
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
from chassis.workdays import Deadline
from services.supervision.contracts import TOPICS, to_public
from services.supervision.domain import events, words
from services.supervision.domain.matter import MATTER
from services.supervision.domain.rhythm import Rhythm
from shuniu.office.v1 import words_pb2 as office
from shuniu.supervision.v1 import events_pb2 as public

UNTOLD: set[type[Event]] = {
    events.FeedbackAccepted,
    events.MatterDecomposed,
    events.SubMatterCompleted,
    events.HandlingReportNoted,
    events.SatisfactionVoteNoted,
    *NUMBER_SERIES.events,
}
TOLD = [event for event in MATTER.events if event not in UNTOLD]
SHOWN = {"organ", "number", "unit", "lead", "co", "sheet_no", "source_document_no"}
SHOWN |= {"asked_by", "addressee", "responsible_person", "assigned_by", "handler"}
SHOWN |= {"named_by", "received_by", "urged_by", "given_by", "signed_by", "closed_by"}
SHOWN |= {"source_no", "addressed_organ", "rung", "code", "tell", "period", "report_no"}
SHOWN |= {"unit_head", "issued_by", "sent_back_by", "seen_by", "recorded_by"}
HIDDEN = {"subject", "requirement", "summary", "evidence_name", "evidence_sha256"}
HIDDEN |= {"spoken_to", "colour", "reasons"}
DUE = datetime(2025, 5, 6, 10, tzinfo=UTC)
DEADLINE = Deadline(
    due=DUE,
    start=date(2025, 4, 25),
    rule="P-MONTH",
    statutory_last_day=date(2025, 5, 3),
    provisional=True,
)
OF_DEADLINE = {
    "due": DUE,
    "counted_from": "2025-04-25",
    "due_rule": "P-MONTH",
    "due_statutory_last_day": "2025-05-03",
    "due_provisional": True,
}
ENUMERATIONS: list[tuple[type[StrEnum], Any]] = [
    (words.SourceKind, public.SourceKind),
    (words.UrgeMeans, public.UrgeMeans),
    (words.SheetKind, public.SheetKind),
    (words.FeedbackKind, public.FeedbackKind),
    (words.Light, public.Light),
]
told = pytest.mark.parametrize("event_class", TOLD, ids=lambda c: c.__name__)


def value(hint: Any, name: str, place: int) -> Any:
    """Return something for a field: a text says which field it stands in."""
    kind = next((k for k in get_args(hint) if k is not NoneType), hint)
    if get_origin(hint) is tuple:
        each: Any = get_args(hint)[0]
        if hasattr(each, "__dataclass_fields__"):
            return (filled(each), filled(each))
        return (f"<{name}>", f"<{name}>")
    if kind is Rhythm:
        return Rhythm(monthly_day=25)
    if issubclass(kind, StrEnum):
        return list(kind)[-1]
    samples: Mapping[Any, Any] = {
        str: "extra_urgent" if name == "urgency" else f"<{name}>",
        UUID: UUID(int=place + 1),
        datetime: DUE + timedelta(hours=place),
        int: place + 1,
        bool: True,
        Deadline: DEADLINE,
    }
    return samples[kind]


def filled(event_class: type[Any]) -> Any:
    """Return an event, or a part of one, of which nothing is absent and no fields are alike."""
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
    event: Event = replace(filled(event_class), **absent, **empty)
    return event


def message_of(event: Event) -> Message:
    message = to_public(cast("events.MatterEvent", event))
    assert message is not None
    return message


def plain(message: Message, name: str) -> object:
    """Return what stands in a field, as the domain would say it."""
    found = getattr(message, name)
    kind = message.DESCRIPTOR.fields_by_name[name]
    if kind.is_repeated and kind.message_type is not None:
        names = [field.name for field in kind.message_type.fields]
        return tuple({part: plain(each, part) for part in names} for each in found)
    if isinstance(found, Timestamp):
        return wire.moment(found)
    if kind.enum_type is not None:
        prefix = kind.enum_type.values[0].name.removesuffix("UNSPECIFIED")
        return kind.enum_type.values_by_number[found].name.removeprefix(prefix).lower()
    return tuple(found) if kind.is_repeated else found


def expected(event: Event, name: str) -> object:
    """Return what the event says that belongs in the message's field *name*."""
    if hasattr(event, "deadline") and name in OF_DEADLINE:
        return OF_DEADLINE[name]
    said = getattr(event, name)
    if isinstance(said, tuple) and said and is_dataclass(said[0]):
        field = message_of(event).DESCRIPTOR.fields_by_name[name]
        assert field.message_type is not None
        names = [part.name for part in field.message_type.fields]
        return tuple({part: getattr(each, part) for part in names} for each in said)
    return str(said) if isinstance(said, UUID) else said


def test_every_event_is_told_under_its_own_name_or_decidedly_not() -> None:
    assert {*TOLD} | UNTOLD == {*MATTER.events, *NUMBER_SERIES.events}
    for event_class in TOLD:
        full_name = message_of(filled(event_class)).DESCRIPTOR.full_name
        assert full_name == f"shuniu.supervision.v1.{event_class.__name__}"
    for untold in UNTOLD:
        assert to_public(cast("events.MatterEvent", filled(untold))) is None
    with pytest.raises(AssertionError):
        to_public(cast("events.MatterEvent", object()))


def test_every_message_of_the_contract_is_sent() -> None:
    sent = {type(message_of(filled(event_class))).__name__ for event_class in TOLD}
    parts = {"Rung", "FeedbackDue"}
    assert sent | parts == set(public.DESCRIPTOR.message_types_by_name)


def test_matters_have_their_topic() -> None:
    assert TOPICS[MATTER.name] == "public.supervision.matter.v1"


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
        assert expected(event, field.name) not in (None, ())


@told
def test_every_message_names_the_matter_its_organ_and_its_units(
    event_class: type[Event],
) -> None:
    names = {field.name for field in message_of(filled(event_class)).DESCRIPTOR.fields}
    assert {"matter_id", "organ"} <= names
    assert "unit" in names or {"lead", "co"} <= names
    assert "number" in names or event_class is events.MatterOpened


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


@pytest.mark.parametrize(
    ("kind", "wired"), ENUMERATIONS, ids=[kind.__name__ for kind, _ in ENUMERATIONS]
)
def test_every_word_has_its_value_and_every_value_its_word(
    kind: type[StrEnum], wired: Any
) -> None:
    values = [wire.value_of(wired, word) for word in kind]
    assert sorted(values) == sorted(wired.values())[1:]
    assert [wire.code_of(wired, value) for value in values] == [*kind]


@pytest.mark.parametrize("urgency", office.Urgency.values())
def test_an_urgency_that_came_as_a_code_leaves_as_the_same_value(
    urgency: office.Urgency.ValueType,
) -> None:
    opened = cast("events.MatterOpened", filled(events.MatterOpened))
    code = wire.code_of(office.Urgency, urgency) or ""
    message = to_public(replace(opened, urgency=code))
    assert isinstance(message, public.MatterOpened)
    assert message.urgency == urgency


@given(st.datetimes(timezones=st.just(UTC)), st.dates())
def test_moments_and_days_come_back(moment: datetime, day: date) -> None:
    opened = cast("events.MatterOpened", filled(events.MatterOpened))
    deadline = replace(DEADLINE, due=moment, start=day)
    message = to_public(replace(opened, deadline=deadline, outside_due=moment))
    assert isinstance(message, public.MatterOpened)
    assert wire.moment(message.due) == moment
    assert wire.moment_if_set(message, "outside_due") == moment
    assert date.fromisoformat(message.counted_from) == day
