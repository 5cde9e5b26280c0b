"""Add golden events for what is new: `python -m tests.golden.write [stored type …]`.

What is in the files already is never changed: it stands for what is in stores. Only of an
event that was in no release yet may one delete the entry, and write it anew.
"""

import asyncio
import json
import sys
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_URL, UUID, uuid5

from tests.golden.goldens import (
    categories,
    codec_of,
    goldens_of,
    path_of,
    stream_of,
    uncovered,
)

SCALARS: dict[Any, Any] = {
    bool: True,
    int: 3,
    float: 0.5,
    Decimal: Decimal("12.50"),
    datetime: datetime(2025, 4, 25, 10, 30, tzinfo=UTC),
    date: date(2025, 4, 25),
    time: time(10, 30),
    timedelta: timedelta(days=2, hours=3),
}


def main(wanted: Iterable[str]) -> None:
    """Write what is missing; refuse to write again what is there."""
    left = set(wanted)
    only = set(left)
    for category in categories().values():
        goldens, added = goldens_of(category), False
        for event_class in category.events:
            stored_type = category.type_of(event_class)
            if only and stored_type not in only:
                continue
            left.discard(stored_type)
            if not uncovered(category, event_class):
                if only:
                    sys.exit(f"{stored_type} has its golden: a golden is never rewritten")
                continue
            sample = sample_of(event_class, "event")
            codec = codec_of(category)
            stored = asyncio.run(codec.encode(sample, stream_of(category), 1))
            versions = goldens.setdefault(stored_type, {})
            samples = versions.setdefault(str(stored.schema_version), [])
            samples.append(json.loads(stored.data))
            added = True
            sys.stdout.write(f"added {stored_type} v{stored.schema_version}\n")
        if added:
            text = json.dumps(goldens, ensure_ascii=False, indent=2, sort_keys=True)
            path_of(category).write_text(text + "\n", "utf-8")
    if left:
        sys.exit(f"no category has an event of type {', '.join(sorted(left))}")


def sample_of(hint: Any, name: str) -> Any:
    """Return a value of the type *hint*: the same at every run, and never None."""
    if get_args(hint):
        arguments = [a for a in get_args(hint) if a is not NoneType]
        return composed_of(get_origin(hint), arguments, name)
    if hint is str:
        return f"{name} 例"
    if hint is UUID:
        return uuid5(NAMESPACE_URL, name)
    if issubclass(hint, Enum):
        return next(iter(hint))
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return hint(**{f.name: sample_of(hints[f.name], f.name) for f in fields(hint)})
    return SCALARS[hint]


def composed_of(origin: Any, arguments: list[Any], name: str) -> Any:
    """Return a value of a type with parameters, of which *origin* is the plain type."""
    if origin in (Union, UnionType):
        return sample_of(arguments[0], name)
    if origin is dict:
        return {sample_of(arguments[0], name): sample_of(arguments[1], name)}
    if origin is tuple and arguments[-1] is not Ellipsis:
        return tuple(sample_of(argument, name) for argument in arguments)
    return origin([sample_of(arguments[0], name)])


if __name__ == "__main__":
    main(sys.argv[1:])
