"""A person: posts and roles, name and contacts, and how they leave."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, assert_never, get_args

from chassis.domain import Category, UnknownItemError
from services.directory.domain.commands import (
    AnnounceDeparture,
    ChangePerson,
    EraseSubject,
    NamePerson,
    PersonCommand,
)
from services.directory.domain.entries import (
    PERSON,
    Named,
    Organisation,
    PersonEntry,
    Substitute,
    item_id,
)
from services.directory.domain.events import (
    PersonChanged,
    PersonEvent,
    PersonLeft,
    PersonNamed,
    SubjectErased,
)
from services.directory.domain.refusals import (
    AlreadyLeftError,
    DepartureAheadError,
    EntryRefusedError,
    LeaderUnknownError,
    SubstituteUnknownError,
    SuccessorElsewhereError,
    SuccessorUnknownError,
    SuperiorUnknownError,
    UnitUnknownError,
)


def faults_of_person(
    entry: PersonEntry, known: Organisation
) -> Iterator[EntryRefusedError]:
    """Say all that is wrong with a person in the organisation as it is to be."""
    if entry.unit not in known.units:
        yield UnitUnknownError(unit=entry.unit)
    if entry.superior is not None and not _is_another(entry, entry.superior, known):
        yield SuperiorUnknownError(superior=entry.superior)
    for leader in entry.aide_of:
        if not _is_another(entry, leader, known):
            yield LeaderUnknownError(leader=leader)
    for substitute in entry.substitutes:
        if not _is_another(entry, substitute.person, known) or _backwards(substitute):
            yield SubstituteUnknownError(substitute=substitute.person)


def _is_another(entry: PersonEntry, person: str, known: Organisation) -> bool:
    return person != entry.id and person in known.people


def _backwards(substitute: Substitute) -> bool:
    since, until = substitute.since, substitute.until
    return since is not None and until is not None and until <= since


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person, as they were entered last."""

    entry: PersonEntry | None = None
    named: Named | None = None
    left_at: datetime | None = None
    erased: bool = False

    def decide(self, command: PersonCommand) -> list[PersonEvent]:
        """Return the events that *command* causes, or refuse it."""
        match command:
            case ChangePerson():
                return self._change(command)
            case NamePerson():
                return self._name(command)
            case AnnounceDeparture():
                return self._leave(command)
            case EraseSubject():
                return self._erase(command)
            case _:
                assert_never(command)

    def evolve(self, event: PersonEvent) -> Self:
        """Return the person after *event*."""
        match event:
            case PersonChanged(entry=entry):
                return replace(self, entry=entry, left_at=None)
            case PersonNamed(name=name, mobile=mobile, email=email):
                return replace(self, named=Named(name=name, mobile=mobile, email=email))
            case PersonLeft(left_at=left_at):
                return replace(self, left_at=left_at)
            case SubjectErased():
                return replace(self, named=None, erased=True)
            case _:
                assert_never(event)

    def _change(self, command: ChangePerson) -> list[PersonEvent]:
        if command.entry == self.entry and not (command.back and self.left_at):
            return []
        for fault in faults_of_person(command.entry, command.known):
            raise fault
        return [PersonChanged(entry=command.entry)]

    def _name(self, command: NamePerson) -> list[PersonEvent]:
        if command.named == self.named or self.erased:
            return []
        return [
            PersonNamed(
                person=command.person,
                subject=item_id(PERSON, command.person),
                name=command.named.name,
                mobile=command.named.mobile,
                email=command.named.email,
            )
        ]

    def _leave(self, command: AnnounceDeparture) -> list[PersonEvent]:
        if self.entry is None:
            raise UnknownItemError
        if self.left_at is not None:
            raise AlreadyLeftError(left_at=f"{self.left_at:%Y-%m-%d}")
        if command.left_at > command.now:
            raise DepartureAheadError
        if command.taken_over_by is not None:
            self._expect_successor(self.entry, command.taken_over_by, command)
        return [
            PersonLeft(
                entry=self.entry,
                left_at=command.left_at,
                taken_over_by=command.taken_over_by,
                announced_by=command.announced_by,
            )
        ]

    @staticmethod
    def _expect_successor(
        entry: PersonEntry, successor: str, command: AnnounceDeparture
    ) -> None:
        known = command.known
        if not _is_another(entry, successor, known) or successor in known.left:
            raise SuccessorUnknownError(taken_over_by=successor)
        if command.within is not None and known.people[successor].unit != command.within:
            raise SuccessorElsewhereError(taken_over_by=successor)

    def _erase(self, command: EraseSubject) -> list[PersonEvent]:
        if self.entry is None:
            raise UnknownItemError
        if self.erased:
            return []
        subject = item_id(PERSON, self.entry.id)
        return [
            SubjectErased(
                person=self.entry.id, subject=subject, erased_by=command.erased_by
            )
        ]


PEOPLE: Category[Person, PersonCommand, PersonEvent] = Category(
    name="person",
    noun="Person",
    initial=Person(),
    events=get_args(PersonEvent),
)
