"""The public form of an event: exactly these headers, the message alone as the value."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.struct_pb2 import Struct
from google.protobuf.wrappers_pb2 import StringValue

from chassis.log import Record
from chassis.public import Envelope, PoisonError, message_of, record_of
from chassis.store import Meta, Stored
from chassis.store.stored import META
from tests.support.samples import CounterReset

ITEM = UUID("0b8f2d0e-6c3f-4c0f-9f0e-3a1c5f2b7d10")
EVENT = UUID("8f6d2c1a-0b7e-5e7a-a1f0-5c2d9e8b4a33")
STORY = UUID("11111111-2222-4333-8444-555555555555")
CAUSE = UUID("99999999-2222-4333-8444-555555555555")
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
BEIJING = timezone(timedelta(hours=8))
STORED: Stored[CounterReset] = Stored(
    position=4711,
    shard=3,
    stream_id=f"counter-{ITEM}",
    version=7,
    event_id=EVENT,
    type="counter.Reset",
    recorded_at=datetime(2025, 4, 25, 4, 0, 1, tzinfo=UTC),
    meta_json=META.dump_json(
        Meta(
            actor="sun.li",
            occurred_at=datetime(2025, 4, 25, 12, 0, tzinfo=BEIJING),
            correlation_id=STORY,
            command_id=UUID(int=1),
            causation_id=CAUSE,
            traceparent=TRACE,
        )
    ),
    event=CounterReset(counter_id=ITEM),
)
HEADERS = {
    "ce_specversion": "1.0",
    "ce_id": str(EVENT),
    "ce_source": "/shuniu/county-npc/counters",
    "ce_type": "google.protobuf.StringValue",
    "ce_subject": str(ITEM),
    "ce_time": "2025-04-25T12:00:00+08:00",
    "ce_dataschema": "/proto/google/protobuf/wrappers.proto",
    "content-type": "application/protobuf",
    "ce_sequence": "7",
    "ce_partitionkey": str(ITEM),
    "ce_traceparent": TRACE,
    "ce_correlationid": str(STORY),
    "ce_causationid": str(CAUSE),
    "ce_dataclassification": "none",
    "ce_epoch": "epoch-1",
    "ce_shard": "3",
    "ce_position": "4711",
}


def published(message: Any = None, stored: Stored[Any] = STORED) -> Record:
    return record_of(
        message or StringValue(value="reset"),
        stored,
        topic="public.counters.counter.v1",
        source="/shuniu/county-npc/counters",
        epoch="epoch-1",
    )


def test_a_public_event_carries_exactly_the_headers_of_the_contract() -> None:
    record = published()
    assert record.headers == HEADERS
    assert (record.topic, record.key) == ("public.counters.counter.v1", str(ITEM).encode())


def test_an_event_without_cause_or_trace_leaves_those_headers_out() -> None:
    without = replace(STORED.meta, causation_id=None, traceparent=None)
    bare = replace(STORED, meta_json=META.dump_json(without))
    left_out = HEADERS.keys() - published(stored=bare).headers.keys()
    assert left_out == {"ce_causationid", "ce_traceparent"}


def test_the_value_is_the_message_alone_and_the_same_bytes_every_time() -> None:
    one, other = Struct(), Struct()
    names = [f"name-{n}" for n in range(50)]
    one.update(dict.fromkeys(names, "value"))
    other.update(dict.fromkeys(reversed(names), "value"))
    assert published(one).value == published(other).value
    assert published(one).value == one.SerializeToString(deterministic=True)


def test_what_is_published_can_be_read() -> None:
    record = published()
    envelope = Envelope.read(record.headers)
    assert envelope == Envelope(
        id=str(EVENT),
        source="/shuniu/county-npc/counters",
        type="google.protobuf.StringValue",
        subject=str(ITEM),
        time=STORED.meta.occurred_at,
        sequence=7,
        correlation_id=STORY,
        traceparent=TRACE,
    )
    assert message_of(record.value, StringValue) == StringValue(value="reset")


def test_extensions_may_be_missing() -> None:
    required = {"specversion", "id", "source", "type", "subject", "time"}
    envelope = Envelope.read({f"ce_{name}": HEADERS[f"ce_{name}"] for name in required})
    assert (envelope.sequence, envelope.correlation_id, envelope.traceparent) == (
        0,
        None,
        None,
    )


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "time"])
def test_a_record_without_a_required_attribute_is_poison(name: str) -> None:
    left = {header: value for header, value in HEADERS.items() if header != f"ce_{name}"}
    with pytest.raises(PoisonError, match=f"ce_{name}"):
        Envelope.read(left)


@pytest.mark.parametrize(
    "changed",
    [
        {"ce_specversion": "0.3"},
        {"ce_specversion": "2.0"},
        {"ce_dataclassification": "secret"},
        {"ce_dataclassification": ""},
        {"ce_time": "noon"},
        {"ce_time": "2025-04-25T12:00:00"},
        {"ce_sequence": "seven"},
        {"ce_sequence": "9" * 10_000},
        {"ce_correlationid": "the story"},
    ],
    ids=str,
)
def test_a_record_whose_attributes_we_do_not_understand_is_poison(
    changed: dict[str, str],
) -> None:
    with pytest.raises(PoisonError):
        Envelope.read(HEADERS | changed)


@pytest.mark.parametrize("value", [None, b"\xff", b"\x0a\x05abc", b"\x0a\x02\xc3\x28"])
def test_a_value_that_is_no_message_is_poison(value: bytes | None) -> None:
    with pytest.raises(PoisonError):
        message_of(value, StringValue)
