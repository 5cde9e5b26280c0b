"""Rules: which event tells whom. Data, loaded from `rules.yaml`; this is what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Directory(Protocol):
    """Who is who: what a rule needs to find people."""

    def with_role(self, role: str, *, unit: str | None, organ: str | None) -> Sequence[str]:
        """Return who has *role*."""
        ...

    def with_function(self, role: str, function: str, organ: str) -> Sequence[str]:
        """Return who has *role* in the organ's units that serve *function*."""
        ...

    def aides_of(self, leader: str) -> Sequence[str]:
        """Return whom the leader's alerts go to."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tell:
    """One kind of recipient.

    *person* names a fact that holds a person's id; *role* with *of* names a fact that holds
    a unit or several; *role* with *function* finds people in the organ's own units.
    """

    person: str | None = None
    role: str | None = None
    of: str | None = None
    function: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule: on *event*, where every fact in *when* is as given, tell these people."""

    id: str
    event: str
    kind: str
    severity: str
    tell: tuple[Tell, ...]
    title_zh: str
    title_en: str
    when: Mapping[str, str]
    deadline: str | None = None

    def applies(self, facts: Mapping[str, object]) -> bool:
        """Say whether the rule is about an event with these facts."""
        return all(str(facts.get(name)) == value for name, value in self.when.items())


def recipients(rule: Rule, facts: Mapping[str, object], directory: Directory) -> list[str]:
    """Return whom *rule* tells, each once, in the rule's order."""
    organ = str(facts.get("organ", ""))
    found: dict[str, None] = {}
    for tell in rule.tell:
        for person in _people(tell, facts, organ, directory):
            found[person] = None
    return list(found)


def _people(
    tell: Tell, facts: Mapping[str, object], organ: str, directory: Directory
) -> Sequence[str]:
    if tell.person is not None:
        person = facts.get(tell.person)
        return [str(person)] if person else []
    if tell.role is None:
        return []
    if tell.function is not None:
        return directory.with_function(tell.role, tell.function, organ)
    if tell.of is None:
        return directory.with_role(tell.role, unit=None, organ=organ)
    units = facts.get(tell.of) or ()
    named = [units] if isinstance(units, str) else list(units)  # type: ignore[call-overload]
    return [
        p for unit in named for p in directory.with_role(tell.role, unit=unit, organ=None)
    ]
