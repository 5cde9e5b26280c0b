"""What others may know of meetings: no title, no reason, no comment."""

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

from chassis import wire
from chassis.domain import Event
from chassis.series import NUMBER_SERIES
from chassis.workdays import Deadline
from services.meetings.contracts import TOPICS, to_public
from services.meetings.domain import words
from services.meetings.domain.agenda_item import events as items
from services.meetings.domain.agenda_item import material_events as materials
from services.meetings.domain.agenda_item.item import AGENDA_ITEM
from services.meetings.domain.meeting import events as meetings
from services.meetings.domain.meeting.meeting import MEETING
from services.meetings.domain.opinion.opinion import OPINION
from shuniu.meetings.v1 import events_pb2 as public

UNTOLD: set[type[Event]] = {
    meetings.AgendaItemPlaced,
    meetings.NoticeReceiptsRecorded,
    meetings.OutcomeRecorded,
    items.AgendaItemSubmitted,
    materials.StatutoryDayMissed,
    *NUMBER_SERIES.events,
}
OURS = (*MEETING.events, *AGENDA_ITEM.events, *OPINION.events, *NUMBER_SERIES.events)
TOLD = [event for event in OURS if event not in UNTOLD]
HIDDEN = {"name", "title", "text", "reason", "remarks", "source", "passed_meeting", "rule"}
DUE = datetime(2025, 5, 30, 10, tzinfo=UTC)
DEADLINE = Deadline(
    due=DUE,
    start=date(2025, 6, 20),
    rule="<rule>",
    statutory_last_day=date(2025, 5, 31),
    provisional=True,
)
OF_DEADLINE = {
    "notice_due": ("notice", "due"),
    "notice_statutory_last_day": ("notice", "statutory_last_day"),
    "draft_due": ("draft", "due"),
    "hand_over_due": ("hand_over", "due"),
    "due": ("deadline", "due"),
    "due_statutory_last_day": ("deadline", "statutory_last_day"),
    "statutory_last_day": ("deadline", "statutory_last_day"),
    "due_provisional": ("deadline", "provisional"),
    "comment_due": ("comment", "due"),
    "due_again": ("again", "due"),
    "comment_due_again": ("comment_again", "due"),
}
ENUMERATIONS: list[tuple[type[StrEnum], Any]] = [
    (words.AgendaItemKind, public.AgendaItemKind),
    (words.MaterialStage, public.MaterialStage),
    (words.StageBasis, public.StageBasis),
    (words.Outcome, public.Outcome),
    (words.OpinionStep, public.OpinionStep),
    (words.SatisfactionOutcome, public.SatisfactionOutcome),
]
told = pytest.mark.parametrize("event_class", TOLD, ids=lambda c: c.__name__)


def value(hint: Any, name: str, place: int) -> Any:
    """Return something for a field: a text says which field it stands in."""
    kind = next((k for k in get_args(hint) if k is not NoneType), hint)
    if get_origin(hint) is tuple:
        return (value(kind, name, place),)
    if kind is Deadline:
        return replace(DEADLINE, due=DUE + timedelta(hours=place))
    if is_dataclass(kind):
        return filled(cast("type[Any]", kind))
    if issubclass(kind, StrEnum):
        return list(kind)[-1]
    samples: Mapping[Any, Any] = {
        str: f"<{name}>",
        UUID: UUID(int=place + 1),
        datetime: DUE + timedelta(hours=place),
        date: date(2025, 6, 1) + timedelta(days=place),
        int: place + 1,
        bool: True,
    }
    return samples[kind]


def filled(event_class: type[Any]) -> Any:
    """Return an event of which nothing is absent and no two fields are alike."""
    hints = get_type_hints(event_class)
    given = {
        f.name: value(hints[f.name], f.name, n) for n, f in enumerate(fields(event_class))
    }
    return event_class(**given)


def bare(event_class: type[Any]) -> Any:
    """Return an event of which everything is absent that may be."""
    hints = get_type_hints(event_class)
    absent = {name: None for name, hint in hints.items() if NoneType in get_args(hint)}
    empty = {name: () for name, hint in hints.items() if get_origin(hint) is tuple}
    return replace(filled(event_class), **absent, **empty)


def message_of(event: Any) -> Message:
    message = to_public(event)
    assert message is not None
    return message


def plain(message: Message, name: str) -> object:
    """Return what stands in a field, as the domain would say it."""
    found = getattr(message, name)
    kind = message.DESCRIPTOR.fields_by_name[name]
    if isinstance(found, Timestamp):
        return wire.moment(found)
    if kind.enum_type is not None:
        prefix = kind.enum_type.values[0].name.removesuffix("UNSPECIFIED")
        return kind.enum_type.values_by_number[found].name.removeprefix(prefix).lower()
    if kind.is_repeated:
        nested = kind.message_type is not None
        return [said(entry) if nested else entry for entry in found]
    return found


def said(message: Message) -> dict[str, object]:
    return {f.name: plain(message, f.name) for f in message.DESCRIPTOR.fields}


def expected(event: Any, name: str) -> object:
    """Return what the event says that belongs in the message's field *name*."""
    if not hasattr(event, name):
        deadline, part = OF_DEADLINE[name]
        limit = getattr(event, deadline)
        found = None if limit is None else getattr(limit, part)
    else:
        found = getattr(event, name)
    if isinstance(found, date) and not isinstance(found, datetime):
        return found.isoformat()
    if isinstance(found, tuple):
        fields_of: dict[str, type[Message]] = {
            "stages": public.ScheduledStage,
            "items": public.DecidedItem,
        }
        nested = fields_of.get(name)
        if nested is None:
            return [str(entry) for entry in found]
        names = [field.name for field in nested.DESCRIPTOR.fields]
        return [{n: expected(entry, n) for n in names} for entry in found]
    return str(found) if isinstance(found, UUID) else found


def test_every_event_is_told_under_its_own_name_or_decidedly_not() -> None:
    for event_class in TOLD:
        full_name = message_of(filled(event_class)).DESCRIPTOR.full_name
        assert full_name == f"shuniu.meetings.v1.{event_class.__name__}"
    for untold in UNTOLD:
        assert to_public(filled(untold)) is None
    with pytest.raises(AssertionError):
        to_public(cast("Any", object()))


def test_every_message_of_the_contract_is_sent() -> None:
    sent = {type(message_of(filled(event_class))).__name__ for event_class in TOLD}
    parts_of_messages = {"DecidedItem", "ScheduledStage"}
    assert sent | parts_of_messages == set(public.DESCRIPTOR.message_types_by_name)


def test_each_kind_of_stream_has_its_topic() -> None:
    assert {
        MEETING.name: "public.meetings.meeting.v1",
        AGENDA_ITEM.name: "public.meetings.agenda-item.v1",
        OPINION.name: "public.meetings.opinion.v1",
    } == TOPICS


@told
def test_a_message_says_all_that_its_event_says_and_each_under_its_name(
    event_class: type[Any],
) -> None:
    event = filled(event_class)
    message = message_of(event)
    names = [field.name for field in message.DESCRIPTOR.fields]
    assert {field.name for field, _ in message.ListFields()} == set(names)
    assert said(message) == {name: expected(event, name) for name in names}


@told
def test_what_is_absent_stays_unset(event_class: type[Any]) -> None:
    event = bare(event_class)
    message = message_of(event)
    assert type(message).FromString(message.SerializeToString()) == message
    for field, _ in message.ListFields():
        assert expected(event, field.name) not in (None, [])


@told
def test_every_message_names_its_item_and_the_organ_first(event_class: type[Any]) -> None:
    first, second = message_of(filled(event_class)).DESCRIPTOR.fields[:2]
    assert first.name in {"meeting_id", "agenda_item_id", "opinion_id"}
    assert second.name == "organ"


@pytest.mark.parametrize("event_class", [materials.MaterialNearDue, materials.MaterialLate])
def test_what_is_near_or_late_names_both_sides(event_class: type[Any]) -> None:
    names = {field.name for field in message_of(filled(event_class)).DESCRIPTOR.fields}
    assert {"owner_unit", "owner_organ", "organ", "office", "reviewing_committee"} <= names


def test_no_text_leaves_the_house() -> None:
    stated = " ".join(str(filled(event_class)) for event_class in TOLD)
    told_all = b" ".join(message_of(filled(c)).SerializeToString() for c in TOLD)
    shown = {name.decode() for name in re.findall(rb"<(\w+)>", told_all)}
    assert set(re.findall(r"<(\w+)>", stated)) - shown == HIDDEN, "may others know it?"
    assert not shown & HIDDEN


@pytest.mark.parametrize(
    ("kind", "wired"), ENUMERATIONS, ids=[kind.__name__ for kind, _ in ENUMERATIONS]
)
def test_every_word_has_its_value_and_every_value_its_word(
    kind: type[StrEnum], wired: Any
) -> None:
    values = [wire.value_of(wired, word) for word in kind]
    assert sorted(values) == sorted(wired.values())[1:]
    assert [wire.code_of(wired, value) for value in values] == [*kind]
