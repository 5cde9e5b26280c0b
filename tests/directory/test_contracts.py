"""What others may know of the directory: its state, and no name in the open."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest
from google.protobuf.message import Message

from chassis import wire
from chassis.directory.reading import sealed_place
from chassis.directory.replica import TOPICS as REPLICATED
from chassis.domain import ERASED, Event
from chassis.log import Topic
from chassis.public import Deleted
from chassis.publishing import topics_of
from chassis.sealing import SealBrokenError, unseal
from services.directory.contracts import INTERNAL_TOPICS, TOPICS, internal, to_public
from services.directory.domain import events
from services.directory.domain.entries import (
    OrganEntry,
    PersonEntry,
    Substitute,
    UnitEntry,
)
from services.directory.domain.organ import ORGANS
from services.directory.domain.person import PEOPLE
from services.directory.domain.unit import UNITS
from services.directory.service import SERVICE
from shuniu.directory.v1 import events_pb2 as public
from tests.support.memory_keys import MemoryKeyRing

SUBJECT = UUID(int=7)
NOW = datetime(2025, 8, 11, tzinfo=UTC)
PERSON = PersonEntry(
    id="luo.hai",
    unit="water",
    posts=("局长",),
    roles=("unit_head",),
    superior="chen.jianguo",
    clearance=2,
    aide_of=("zhou.zhiyuan",),
    substitutes=(Substitute(person="tang.yong", since=NOW),),
)
UNIT = UnitEntry(
    id="water",
    name="县水利局",
    organ="gov",
    parent="county-government",
    functions=("documents",),
    unit_class="bureau",
)
CHANGED = events.PersonChanged(entry=PERSON)
LEFT = events.PersonLeft(
    entry=PERSON, left_at=NOW, taken_over_by="he.qiang", announced_by="deng.jie"
)
NAMED = events.PersonNamed(
    person="luo.hai", subject=SUBJECT, name="罗海", mobile="13800000000"
)
ERASING = events.SubjectErased(person="luo.hai", subject=SUBJECT, erased_by="operator")
PUBLIC: list[Any] = [
    events.OrganChanged(entry=OrganEntry(id="gov", name="云岭县人民政府")),
    events.UnitChanged(entry=UNIT),
    CHANGED,
    LEFT,
]


async def told(event: Event, keys: MemoryKeyRing) -> Any:
    return await internal(keys)(cast("Any", event))


async def test_every_event_is_public_or_internal_and_every_message_is_sent() -> None:
    keys = MemoryKeyRing()
    every = {*ORGANS.events, *UNITS.events, *PEOPLE.events}
    assert {type(event) for event in (*PUBLIC, NAMED, ERASING)} == every
    sent = {type(to_public(event)) for event in PUBLIC} | {type(await told(NAMED, keys))}
    parts = {public.Substitute}
    messages = {getattr(public, name) for name in public.DESCRIPTOR.message_types_by_name}
    assert sent | parts == messages
    assert to_public(NAMED) is to_public(ERASING) is None
    assert [await told(event, keys) for event in PUBLIC] == [None] * 4


@pytest.mark.parametrize("event", PUBLIC, ids=lambda event: type(event).__name__)
def test_a_message_says_all_there_is_to_know_under_the_name_of_its_event(
    event: Event,
) -> None:
    message = to_public(cast("Any", event))
    assert isinstance(message, Message)
    assert message.DESCRIPTOR.full_name == f"shuniu.directory.v1.{type(event).__name__}"
    names = {field.name for field in message.DESCRIPTOR.fields}
    assert {field.name for field, _ in message.ListFields()} == names


def test_what_is_absent_stays_unset() -> None:
    bare = PersonEntry(id="li.juan", unit="office", posts=())
    message = to_public(replace(CHANGED, entry=bare))
    assert message == public.PersonChanged(person="li.juan", unit="office")


def test_who_left_is_told_with_all_that_was_known_last() -> None:
    message = to_public(LEFT)
    assert isinstance(message, public.PersonLeft)
    assert message.last == to_public(CHANGED)
    assert wire.moment(message.left_at) == NOW


async def test_a_name_travels_sealed_and_bound_to_its_place() -> None:
    keys = MemoryKeyRing()
    message = await told(NAMED, keys)
    assert isinstance(message, public.PersonNamed)
    assert "罗海".encode() not in message.SerializeToString()
    assert b"13800000000" not in message.SerializeToString()
    assert not message.HasField("email")
    key = (await keys.keys([SUBJECT], create=False))[SUBJECT]
    assert unseal(key, message.name, sealed_place(SUBJECT, "name")) == "罗海"
    for place in (sealed_place(SUBJECT, "mobile"), sealed_place(UUID(int=8), "name")):
        with pytest.raises(SealBrokenError):
            unseal(key, message.name, place)


async def test_an_erasure_and_a_name_whose_key_is_gone_are_told_as_deleted() -> None:
    keys = MemoryKeyRing()
    gone = Deleted(public.PersonNamed)
    assert await told(ERASING, keys) == gone
    assert await told(replace(NAMED, name=ERASED), keys) == gone
    await keys.erase(SUBJECT)
    assert await told(NAMED, keys) == gone


def test_the_topics_are_compacted_and_are_those_that_services_replicate() -> None:
    names = [*TOPICS.values(), *INTERNAL_TOPICS.values()]
    assert topics_of(SERVICE) == [Topic(name, 1, compacted=True) for name in names]
    assert set(names) == set(REPLICATED)
    assert not SERVICE.replica
