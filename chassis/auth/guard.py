"""What a caller may do: Cedar policies in files, default deny.

Every route and RPC names its action with `@allows`; one that names none is refused, and a
test lists them all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import cedarpy

from chassis.auth.caller import Caller, DeniedError

ACTION = "__shuniu_action__"

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
    """Decides by the policies of one service."""

    def __init__(self, policies: Sequence[str]) -> None:
        self._policies = cedarpy.PolicySet.from_str("\n".join(policies))

    def check(
        self,
        caller: Caller,
        action: str,
        item: str = "none",
        attributes: Attributes | None = None,
    ) -> str:
        """Return the id of the policy that permits it. Raises `DeniedError`."""
        entities: list[dict[Any, Any]] = [
            {
                "uid": {"type": "Person", "id": caller.subject},
                "attrs": {
                    "organ": caller.organ,
                    "unit": caller.unit,
                    "roles": sorted(caller.roles),
                    "clearance": caller.clearance,
                },
                "parents": [],
            },
            {
                "uid": {"type": "Item", "id": item},
                "attrs": dict(attributes or {}),
                "parents": [],
            },
        ]
        request = {
            "principal": f"Person::{_quoted(caller.subject)}",
            "action": f"Action::{_quoted(action)}",
            "resource": f"Item::{_quoted(item)}",
            "context": {},
        }
        result = cedarpy.is_authorized(request, self._policies, entities)
        named = list(result.diagnostics.id_annotations_by_reason.values())
        deciding = (named or list(result.diagnostics.reasons) or [None])[0]
        if not result.allowed:
            raise DeniedError(action, deciding)
        return str(deciding)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
