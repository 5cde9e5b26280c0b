"""Whatever was ever stored can still be read: the golden events, one file a category.

This is the test to look at when an event is added or changed. What it asks for:
a new event, or a new field with a default: `python -m tests.golden.write`, and commit;
data of another shape: raise `schema_version`, add an upcaster, then the same.
"""

import json
from collections import Counter
from dataclasses import MISSING, fields
from typing import Any

import pytest

from chassis.codec import UnknownTypeError, UnreadableEventError
from chassis.domain import Category
from tests.golden import write
from tests.golden.goldens import (
    HOME,
    WRITE,
    categories,
    codec_of,
    goldens_of,
    personal_of,
    samples_of,
    stream_of,
    uncovered,
)

CATEGORIES = categories()
each_category = pytest.mark.parametrize("category", CATEGORIES.values(), ids=CATEGORIES)
each_golden = pytest.mark.parametrize(
    ("category", "stored_type", "version", "content"),
    [
        pytest.param(category, *sample, id=f"{sample[0]}-v{sample[1]}")
        for category in CATEGORIES.values()
        for sample in samples_of(category)
    ],
)


async def decoded(
    category: Category[Any, Any, Any], stored_type: str, version: int, content: Any
) -> Any:
    data = json.dumps(content).encode()
    codec = codec_of(category)
    try:
        return await codec.decode(stored_type, version, data, stream_of(category), 1)
    except UnknownTypeError:
        pytest.fail(
            f"{stored_type} is in stores, but {category.name} has no such event any more: "
            "keep the class and its name; decide no new ones if it is over"
        )
    except UnreadableEventError as error:
        pytest.fail(
            f"{error}\nStored events of this shape can no longer be read. A released event "
            "is never edited: give a new field a default; for data of another shape raise "
            f"schema_version and add an upcaster for ({stored_type!r}, {version})"
        )


def test_all_categories_of_the_services_are_found() -> None:
    assert CATEGORIES.keys() >= {
        "audit",
        "incoming",
        "outgoing",
        "matter",
        "series",
        "note",
    }


@each_category
def test_every_event_has_a_golden_with_all_its_fields(
    category: Category[Any, Any, Any],
) -> None:
    missing = [
        f"{category.type_of(event)} v{event.schema_version}: {', '.join(sorted(names))}"
        for event in category.events
        if (names := uncovered(category, event))
    ]
    assert not missing, f"run `{WRITE}` and commit what it adds:\n" + "\n".join(missing)


@each_category
def test_no_two_events_are_stored_under_one_type(category: Category[Any, Any, Any]) -> None:
    types = Counter(category.type_of(event) for event in category.events)
    assert set(types.values()) == {1}, f"rename one of them, unless it is stored: {types}"


@each_golden
async def test_a_golden_is_read_as_its_class(
    category: Category[Any, Any, Any], stored_type: str, version: int, content: Any
) -> None:
    event = await decoded(category, stored_type, version, content)
    assert category.type_of(type(event)) == stored_type


@each_golden
async def test_a_golden_of_the_present_shape_is_stored_alike(
    category: Category[Any, Any, Any], stored_type: str, version: int, content: Any
) -> None:
    event = await decoded(category, stored_type, version, content)
    if version != event.schema_version:
        return
    again = await codec_of(category).encode(event, stream_of(category), 1)
    sealed = personal_of(type(event))
    stored = {k: v for k, v in json.loads(again.data).items() if k not in sealed}
    golden = {k: v for k, v in content.items() if k not in sealed}
    optional = {
        field.name
        for field in fields(event)
        if field.default is not MISSING or field.default_factory is not MISSING
    }
    assert stored.keys() - golden.keys() <= optional
    assert {k: v for k, v in stored.items() if k in golden} == golden, (
        f"{stored_type} loses or rewrites what was stored: a released field is never "
        "removed or renamed; for data of another shape raise schema_version and add an "
        f"upcaster for ({stored_type!r}, {version})"
    )


@pytest.mark.parametrize("lifted", [1, 2])
async def test_goldens_of_old_versions_are_lifted_to_the_present_one(lifted: int) -> None:
    note = CATEGORIES["note"]
    (content,) = goldens_of(note)["note.Written"][str(lifted)]
    event = await decoded(note, "note.Written", lifted, content)
    assert (event.text, event.pages, event.author) == ("text 例", 1, "author 例")


def test_a_golden_is_never_rewritten() -> None:
    before = {path: path.read_bytes() for path in HOME.glob("*.json")}
    with pytest.raises(SystemExit, match="never rewritten"):
        write.main(["note.Written"])
    with pytest.raises(SystemExit, match="no category has"):
        write.main(["note.Burnt"])
    assert before == {path: path.read_bytes() for path in before}
