"""Rules: which event tells whom. Data, loaded from `rules/`; this is what they mean."""

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

    def now_doing(self, person: str) -> str:
        """Return who does the person's work now."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tell:
    """One kind of recipient.

    *person* names a fact that holds a person's id; *role* with *of* names a fact that holds
    a unit or several; *role* with *function* finds people in the organ's own units. *organ*
    names the fact that holds the organ to look in: the event's own where it is not given.
    *roles* names a fact that holds roles, as a policy set them: each is looked for among the
    people whom the facts name, in the unit *of*, in the units that serve *function*, and in
    the organ, and the first place that has somebody counts.
    """

    person: str | None = None
    role: str | None = None
    of: str | None = None
    function: str | None = None
    organ: str = "organ"
    roles: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule: on *event*, tell these people.

    It applies where every fact in *when* is as given, those in *having* are there and those
    in *lacking* are not.
    """

    id: str
    event: str
    kind: str
    severity: str
    tell: tuple[Tell, ...]
    title_zh: str
    title_en: str
    when: Mapping[str, str]
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    deadline: str | None = None

    def applies(self, facts: Mapping[str, object]) -> bool:
        """Say whether the rule is about an event with these facts."""
        return (
            all(str(facts.get(name)) == value for name, value in self.when.items())
            and all(facts.get(name) for name in self.having)
            and not any(facts.get(name) for name in self.lacking)
        )


def recipients(rule: Rule, facts: Mapping[str, object], directory: Directory) -> list[str]:
    """Return whom *rule* tells, each once, in the rule's order; for who left, who took over."""
    found: dict[str, None] = {}
    for tell in rule.tell:
        for person in _people(tell, facts, directory):
            found[directory.now_doing(person)] = None
    return list(found)


def _people(tell: Tell, facts: Mapping[str, object], directory: Directory) -> Sequence[str]:
    organ = str(facts.get(tell.organ, ""))
    if tell.roles is not None:
        return [
            p
            for r in _named(facts, tell.roles)
            for p in _of_role(tell, r, facts, directory)
        ]
    if tell.person is not None:
        return _named(facts, tell.person)
    if tell.role is None:
        return []
    if tell.function is not None:
        return directory.with_function(tell.role, tell.function, organ)
    if tell.of is None:
        return directory.with_role(tell.role, unit=None, organ=organ)
    return _in_units(tell, tell.role, facts, directory)


def _of_role(
    tell: Tell, role: str, facts: Mapping[str, object], directory: Directory
) -> Sequence[str]:
    organ = str(facts.get(tell.organ, ""))
    return (
        _named(facts, role)
        or _in_units(tell, role, facts, directory)
        or (directory.with_function(role, tell.function, organ) if tell.function else ())
        or directory.with_role(role, unit=None, organ=organ)
    )


def _in_units(
    tell: Tell, role: str, facts: Mapping[str, object], directory: Directory
) -> Sequence[str]:
    units = _named(facts, tell.of) if tell.of else ()
    return [p for unit in units for p in directory.with_role(role, unit=unit, organ=None)]


def _named(facts: Mapping[str, object], name: str) -> Sequence[str]:
    """Return what a fact holds, whether it holds one or several."""
    found = facts.get(name) or ()
    return [found] if isinstance(found, str) else list(found)  # type: ignore[call-overload]
