"""Events to bytes and back: one JSON object an event, byte for byte as it is hashed.

Personal fields are encrypted with their subject's key (AES-256-GCM, with stream, version
and field as associated data) before anything is stored; a field whose key is gone decodes
to `chassis.domain.ERASED`.
"""

import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter

from chassis.domain import ERASED, Category, Event, Personal
from chassis.keys import KeyRing

E = TypeVar("E", bound=Event)
NONCE_BYTES = 12


class UnknownTypeError(Exception):
    """A stored type that this version of the program does not know (yet)."""


class UnreadableEventError(Exception):
    """A stored event that does not fit its class: a missing upcaster."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One event as it is stored."""

    type: str
    schema_version: int
    data: bytes


@dataclass(frozen=True)
class _Shape(Generic[E]):
    name: str
    event_class: type[E]
    adapter: TypeAdapter[E]
    personal: dict[str, str]  # field -> field that names the subject


class Codec(Generic[E]):
    """Encodes and decodes the events of one category."""

    def __init__(
        self, category: Category[Any, Any, E], keys: KeyRing | None = None
    ) -> None:
        self._category = category
        self._keys = keys
        shapes = [_shape(category.type_of(cls), cls) for cls in category.events]
        self._by_class = {shape.event_class: shape for shape in shapes}
        self._by_name = {shape.name: shape for shape in shapes}
        if keys is None and any(shape.personal for shape in shapes):
            raise ValueError(
                f"category {category.name} has personal fields: it needs a key ring"
            )

    @property
    def personal(self) -> bool:
        """Whether any event of the category holds personal fields."""
        return any(shape.personal for shape in self._by_name.values())

    @property
    def types(self) -> frozenset[str]:
        """The stored types this codec knows."""
        return frozenset(self._by_name)

    async def encode(self, event: E, stream_id: str, version: int) -> Encoded:
        """Return *event* as it is stored at *version* of *stream_id*."""
        shape = self._by_class[type(event)]
        if not shape.personal:
            data = shape.adapter.dump_json(event)
        else:
            data = await self._encrypted(shape, event, f"{stream_id}|{version}")
        return Encoded(shape.name, shape.event_class.schema_version, data)

    async def decode(
        self,
        stored_type: str,
        schema_version: int,
        data: bytes,
        stream_id: str,
        version: int,
    ) -> E:
        """Return the event that was stored.

        Raises `UnknownTypeError` for a type of a newer program and `UnreadableEventError`
        for data that fits no upcaster.
        """
        shape = self._by_name.get(stored_type)
        if shape is None:
            raise UnknownTypeError(stored_type)
        current = shape.event_class.schema_version
        if schema_version > current:
            raise UnknownTypeError(f"{stored_type} v{schema_version}")
        try:
            if schema_version == current and not shape.personal:
                return shape.adapter.validate_json(data)
            content = json.loads(data)
            for old in range(schema_version, current):
                content = self._category.upcasters[stored_type, old](content)
            erased = await self._decrypt(shape, content, f"{stream_id}|{version}")
            event = shape.adapter.validate_python(content, strict=False)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # What pydantic, JSON, UUIDs and Base64 raise: never the text itself.
            raise UnreadableEventError(
                f"{stored_type} v{schema_version}: {error}"
            ) from error
        return replace(event, **dict.fromkeys(erased, ERASED)) if erased else event

    async def _encrypted(self, shape: _Shape[E], event: E, place: str) -> bytes:
        content = shape.adapter.dump_python(event, mode="json")
        subjects = {
            UUID(content[s]) for f, s in shape.personal.items() if content[f] is not None
        }
        keys = (
            await self._keys.keys(subjects, create=True) if self._keys and subjects else {}
        )
        for name, subject in shape.personal.items():
            if content[name] is not None:
                nonce = os.urandom(NONCE_BYTES)
                box = AESGCM(keys[UUID(content[subject])])
                sealed = box.encrypt(
                    nonce, content[name].encode(), f"{place}|{name}".encode()
                )
                content[name] = base64.b64encode(nonce + sealed).decode()
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    async def _decrypt(
        self, shape: _Shape[E], content: dict[str, Any], place: str
    ) -> list[str]:
        sealed = [name for name in shape.personal if content.get(name) is not None]
        if not sealed or self._keys is None:
            return []
        subjects = {UUID(content[shape.personal[name]]) for name in sealed}
        keys = await self._keys.keys(subjects, create=False)
        erased = []
        for name in sealed:
            key = keys.get(UUID(content[shape.personal[name]]))
            if key is None:
                content[name] = str(ERASED)
                erased.append(name)
                continue
            box = base64.b64decode(content[name])
            nonce, text = box[:NONCE_BYTES], box[NONCE_BYTES:]
            try:
                plain = AESGCM(key).decrypt(nonce, text, f"{place}|{name}".encode())
            except InvalidTag as error:
                raise UnreadableEventError(
                    f"{shape.name}.{name} was moved or changed"
                ) from error
            content[name] = plain.decode()
        return erased


def _shape(name: str, event_class: type[E]) -> _Shape[E]:
    hints = get_type_hints(event_class, include_extras=True)
    personal = {
        f.name: mark.subject for f in fields(event_class) for mark in _marks(hints[f.name])
    }
    return _Shape(name, event_class, TypeAdapter(event_class), personal)


def _marks(hint: object) -> Sequence[Personal]:
    if get_origin(hint) is not Annotated:
        return ()
    return [mark for mark in get_args(hint) if isinstance(mark, Personal)]
