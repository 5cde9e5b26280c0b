"""The golden events: for each stored type, what was once stored of it, for ever.

`<category>.json` holds, by stored type and schema version, samples of stored data. Personal
fields are sealed, as in a store, with the keys of `MemoryKeyRing`.
"""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, TypeAlias, get_args, get_origin, get_type_hints
from uuid import UUID

import services
from chassis.audit import AUDIT
from chassis.codec import Codec
from chassis.domain import Category, Event, Personal
from chassis.series import NUMBER_SERIES
from tests.support.memory_keys import MemoryKeyRing
from tests.support.samples import NOTE

HOME = Path(__file__).parent
ITEM = UUID(int=1)
WRITE = "python -m tests.golden.write"

Goldens: TypeAlias = dict[str, dict[str, list[dict[str, Any]]]]


def categories() -> dict[str, Category[Any, Any, Any]]:
    """Return every category whose events are stored, and a sample with a long history."""
    known: list[Category[Any, Any, Any]] = [AUDIT, NUMBER_SERIES, NOTE]
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if ".domain." in module.name:
            found = vars(importlib.import_module(module.name)).values()
            known += [value for value in found if isinstance(value, Category)]
    return {category.name: category for category in known}


def path_of(category: Category[Any, Any, Any]) -> Path:
    """Return where the goldens of *category* are."""
    return HOME / f"{category.name}.json"


def goldens_of(category: Category[Any, Any, Any]) -> Goldens:
    """Return the goldens of *category*: none where there is no file yet."""
    path = path_of(category)
    goldens: Goldens = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return goldens


def samples_of(
    category: Category[Any, Any, Any],
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Return each golden of *category*: its type, its schema version and its content."""
    for stored_type, versions in goldens_of(category).items():
        for version, samples in versions.items():
            for content in samples:
                yield stored_type, int(version), content


def codec_of(category: Category[Any, Any, Any]) -> Codec[Any]:
    """Return the codec that can open the goldens of *category*."""
    return Codec(category, MemoryKeyRing())


def stream_of(category: Category[Any, Any, Any]) -> str:
    """Return the stream that the goldens of *category* pretend to be version 1 of."""
    return f"{category.name}-{ITEM}"


def uncovered(category: Category[Any, Any, Any], event_class: type[Event]) -> set[str]:
    """Return the fields of *event_class* that no golden of its schema version has."""
    versions = goldens_of(category).get(category.type_of(event_class), {})
    samples = versions.get(str(event_class.schema_version), [])
    names = {field.name for field in fields(event_class)}
    return names.difference(*samples) if samples else names


def personal_of(event_class: type[Event]) -> set[str]:
    """Return the names of the personal fields of *event_class*."""
    hints = get_type_hints(event_class, include_extras=True)
    return {
        name
        for name, hint in hints.items()
        if get_origin(hint) is Annotated
        and any(isinstance(mark, Personal) for mark in get_args(hint))
    }
