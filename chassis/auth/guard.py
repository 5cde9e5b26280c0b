"""What a caller may do: Cedar policies in files, default deny.

Every route and RPC names its action with `@allows`; one that names none is refused, and a
test lists them all.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import cedarpy

from chassis.auth.caller import Caller, DeniedError

ACTION = "__shuniu_action__"
MOST_REMEMBERED = 8192

F = TypeVar("F", bound=Callable[..., Any])
Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a route or RPC asks of the guard: an action, and what it is about.

    *about* looks up the attributes of the item that the call names; without it policies see
    none, and one that asks for an attribute does not apply.
    """

    action: str
    about: Callable[..., Any] | None


def allows(action: str, about: Callable[..., Any] | None = None) -> Callable[[F], F]:
    """Name the action that a route or RPC stands for."""

    def mark(function: F) -> F:
        setattr(function, ACTION, Allowed(action, about))
        return function

    return mark


class Guard:
    """Decides by the policies of one service.

    They see who asks, the action and the attributes of the item, never which item it is: the
    same question has the same answer, and is remembered.
    """

    def __init__(self, policies: Sequence[str]) -> None:
        self._policies = cedarpy.PolicySet.from_str("\n".join(policies))
        self._decided = lru_cache(MOST_REMEMBERED)(self._decide)

    def check(
        self, caller: Caller, action: str, attributes: Attributes | None = None
    ) -> str:
        """Return the id of a policy that permits it, of several the first by name.

        Raises `DeniedError`, with a policy that forbids it where there is one.
        """
        who = {
            "organ": caller.organ,
            "unit": caller.unit,
            "roles": sorted(caller.roles),
            "clearance": caller.clearance,
        }
        about = json.dumps([who, attributes or {}], sort_keys=True)
        allowed, policy = self._decided(caller.subject, action, about)
        if not allowed:
            raise DeniedError(action, policy)
        return str(policy)

    def _decide(self, subject: str, action: str, about: str) -> tuple[bool, str | None]:
        who, attributes = json.loads(about)
        principal = {"type": "Person", "id": subject}
        entities: list[dict[Any, Any]] = [
            {"uid": principal, "attrs": who, "parents": []},
            {"uid": {"type": "Item", "id": "it"}, "attrs": attributes, "parents": []},
        ]
        request = {
            "principal": f"Person::{_quoted(subject)}",
            "action": f"Action::{_quoted(action)}",
            "resource": 'Item::"it"',
            "context": {},
        }
        result = cedarpy.is_authorized(request, self._policies, entities)
        named = sorted(result.diagnostics.id_annotations_by_reason.values())
        deciding = (named or sorted(result.diagnostics.reasons) or [None])[0]
        return result.allowed, deciding


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
