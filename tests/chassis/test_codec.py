"""What is stored comes back as it was, now and in later versions of the program."""

import json
from base64 import b64decode
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.codec import Codec, Encoded, UnknownTypeError, UnreadableEventError
from chassis.domain import ERASED, Category, Erased, Event, Label, Personal
from chassis.keys import SubjectErasedError
from chassis.workdays import Deadline
from tests.support.memory_keys import MemoryKeyRing
from tests.support.samples import COUNTER, NOTE, CounterRaised, NoteWritten

NOTE_ID = UUID(int=7)
STREAM = f"note-{NOTE_ID}"
WRITTEN = NoteWritten(note_id=NOTE_ID, text="今天", pages=2, author="张三")


class Colour(StrEnum):
    """A closed vocabulary."""

    RED = "red"
    YELLOW = "yellow"


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFilled(Event):
    """Has a field of every kind that events use."""

    label: ClassVar[Label] = Label("填表", "Form filled")

    form_id: UUID
    text: str
    number: int
    exact: Decimal
    rough: float
    yes: bool
    moment: datetime
    day: date
    hour: time
    lasts: timedelta
    colour: Colour
    deadline: Deadline
    lines: tuple[str, ...]
    labels: frozenset[Colour]
    pairs: tuple[tuple[int, date], ...]
    counts: dict[str, int]
    maybe: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalFormFilled(FormFilled):
    """The same, and who filled it: decoded on another path, for it has to be decrypted."""

    by: Annotated[str | None, Personal(subject="form_id")] = None


texts = st.text()
moments = st.datetimes(timezones=st.just(UTC))
fields = {
    "form_id": st.uuids(),
    "text": texts,
    "number": st.integers(),
    "exact": st.decimals(allow_nan=False, allow_infinity=False),
    "rough": st.floats(allow_nan=False, allow_infinity=False),
    "yes": st.booleans(),
    "moment": moments,
    "day": st.dates(),
    "hour": st.times(),
    "lasts": st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    "colour": st.sampled_from(Colour),
    "deadline": st.builds(Deadline, due=moments, start=st.dates(), rule=texts),
    "lines": st.lists(texts).map(tuple),
    "labels": st.frozensets(st.sampled_from(Colour)),
    "pairs": st.lists(st.tuples(st.integers(), st.dates())).map(tuple),
    "counts": st.dictionaries(texts, st.integers()),
    "maybe": st.none() | st.integers(),
}


def form_category(event_class: type[Event]) -> Category[Any, Any, Any]:
    return Category(name="form", noun="Form", initial=None, events=(event_class,))


FORMS = Codec(form_category(FormFilled))
PERSONAL_FORMS = Codec(form_category(PersonalFormFilled), MemoryKeyRing())
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


async def encoded(event: NoteWritten = WRITTEN, version: int = 1) -> Encoded:
    return await Codec(NOTE, MemoryKeyRing()).encode(event, STREAM, version)


async def decoded(
    content: dict[str, Any] | bytes, schema_version: int = 3, version: int = 1
) -> NoteWritten:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    codec = Codec(NOTE, MemoryKeyRing())
    return await codec.decode("note.Written", schema_version, data, STREAM, version)


@unhurried
@given(st.builds(FormFilled, **fields))
async def test_an_event_comes_back_as_it_was_stored(event: FormFilled) -> None:
    stored = await FORMS.encode(event, "form-1", 1)
    assert (stored.type, stored.schema_version) == ("form.Filled", 1)
    back = await FORMS.decode(stored.type, 1, stored.data, "form-1", 1)
    assert back == event


@unhurried
@given(st.builds(PersonalFormFilled, by=st.none() | texts, **fields))
async def test_an_event_with_personal_fields_comes_back_as_it_was_stored(
    event: PersonalFormFilled,
) -> None:
    stored = await PERSONAL_FORMS.encode(event, "form-1", 1)
    assert await PERSONAL_FORMS.decode(stored.type, 1, stored.data, "form-1", 1) == event


async def test_what_is_stored_is_one_json_object_with_the_noun_left_out_of_its_type() -> (
    None
):
    event = CounterRaised(counter_id=NOTE_ID, by=2, remark="加")
    stored = await Codec(COUNTER).encode(event, "counter-1", 1)
    content = {"counter_id": str(NOTE_ID), "by": 2, "remark": "加"}
    assert (stored.type, stored.schema_version) == ("counter.Raised", 1)
    assert json.loads(stored.data) == content


async def test_a_field_of_a_newer_program_is_ignored() -> None:
    content = json.loads((await encoded(replace(WRITTEN, author=None))).data)
    assert await decoded(content | {"colour": "red"}) == replace(WRITTEN, author=None)
    raised = b'{"counter_id": "%s", "by": 1, "new": {}}' % str(NOTE_ID).encode()
    known = await Codec(COUNTER).decode("counter.Raised", 1, raised, "counter-1", 1)
    assert known == CounterRaised(counter_id=NOTE_ID, by=1)


@pytest.mark.parametrize(
    ("schema_version", "content"),
    [(1, {"body": "今天"}), (2, {"text": "今天"}), (3, {"text": "今天", "pages": 1})],
)
async def test_an_older_version_is_lifted_step_by_step(
    schema_version: int, content: dict[str, Any]
) -> None:
    note = await decoded(content | {"note_id": str(NOTE_ID)}, schema_version)
    assert note == NoteWritten(note_id=NOTE_ID, text="今天", pages=1)


async def test_personal_fields_of_an_older_version_are_still_read() -> None:
    content = json.loads((await encoded()).data)
    content["body"] = content.pop("text")
    assert await decoded(content, 1) == replace(WRITTEN, pages=1)


async def test_an_older_version_that_nothing_lifts_is_not_read() -> None:
    for schema_version in (0, -1):
        with pytest.raises(UnreadableEventError, match=r"note.Written"):
            await decoded({"note_id": str(NOTE_ID), "text": "x"}, schema_version)


async def test_a_newer_schema_version_is_not_read_as_an_older_one() -> None:
    with pytest.raises((UnknownTypeError, UnreadableEventError)):
        await decoded({"note_id": str(NOTE_ID), "text": "x", "pages": 1}, 4)


@pytest.mark.parametrize(
    "data",
    [
        b'{"text": "x", "pages": 1}',
        b'{"note_id": "7", "text": "x", "pages": 1}',
        b'{"note_id": null, "text": "x", "pages": "many"}',
    ],
)
async def test_data_that_does_not_fit_its_class_is_not_read(data: bytes) -> None:
    with pytest.raises(UnreadableEventError):
        await decoded(data)


@pytest.mark.parametrize(
    "data",
    [
        b"no json",
        b'{"note_id": "7", "text": "x", "pages": 1, "author": "c2VhbGVk"}',
        b'{"note_id": "%s", "text": "x", "pages": 1, "author": "short"}'
        % str(NOTE_ID).encode(),
    ],
)
async def test_damaged_data_with_personal_fields_is_not_read(data: bytes) -> None:
    with pytest.raises(UnreadableEventError):
        await decoded(data)


async def test_an_unknown_type_is_told_from_an_unreadable_one() -> None:
    with pytest.raises(UnknownTypeError):
        await Codec(COUNTER).decode("counter.Doubled", 1, b"{}", "counter-1", 1)


@unhurried
@given(st.text(min_size=1))
async def test_a_personal_field_is_stored_sealed(author: str) -> None:
    stored = await encoded(replace(WRITTEN, author=author))
    content = json.loads(stored.data)
    assert content["author"] != author
    assert len(author) < 4 or author.encode() not in b64decode(content["author"])
    assert (await decoded(stored.data)).author == author
    assert stored.data != (await encoded(replace(WRITTEN, author=author))).data


async def test_a_sealed_field_is_refused_anywhere_but_where_it_was_sealed() -> None:
    stored = await encoded(version=4)
    assert await decoded(stored.data, version=4) == WRITTEN
    codec = Codec(NOTE, MemoryKeyRing())
    for stream, version in ((STREAM, 5), (f"note-{UUID(int=8)}", 4)):
        with pytest.raises(UnreadableEventError, match="moved or changed"):
            await codec.decode(stored.type, 3, stored.data, stream, version)


async def test_a_personal_field_whose_key_is_erased_reads_as_erased() -> None:
    keys = MemoryKeyRing()
    stored = await Codec(NOTE, keys).encode(WRITTEN, STREAM, 1)
    await keys.erase(NOTE_ID)
    back = await Codec(NOTE, keys).decode(stored.type, 3, stored.data, STREAM, 1)
    assert back == replace(WRITTEN, author=ERASED)
    assert isinstance(back.author, Erased)


async def test_an_erased_person_is_not_recorded_again() -> None:
    keys = MemoryKeyRing()
    await keys.erase(NOTE_ID)
    codec = Codec(NOTE, keys)
    with pytest.raises(SubjectErasedError):
        await codec.encode(WRITTEN, STREAM, 2)
    await codec.encode(replace(WRITTEN, author=None), STREAM, 2)


def test_a_category_with_personal_fields_needs_a_key_ring() -> None:
    with pytest.raises(ValueError, match="needs a key ring"):
        Codec(NOTE)
