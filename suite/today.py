"""The first screen of the day, by what a person does: what waits, what is late, what is next.

Pure: composed from what the services answered, the working calendar and the people. To give
a role a screen of its own, add it to `compose`, and its words to `suite.today_words`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chassis.people import People
from chassis.workdays import Calendar
from suite.reaching import Who
from suite.today_items import (
    DARK_FIRST,
    Answer,
    Item,
    Owed,
    Reading,
    count,
    dark_first,
    moment,
    to_receive,
)

LEADERS = frozenset({"principal", "leader_in_charge"})
OFFICE = frozenset({"section_head", "office_head", "supervision_officer"})
READS_DOCUMENTS = LEADERS | OFFICE | {"registry_clerk", "aide"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """One screen. *counts* are in the order in which they are shown.

    *officers* are the section's people with what is in progress and what is overdue.
    """

    kind: str
    reader: Who
    leader: str | None = None
    now: datetime
    counts: Mapping[str, int]
    items: Sequence[Item] = ()
    owed: Sequence[Owed] = ()
    closed: Sequence[Item] = ()
    officers: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def reads_documents(who: Who) -> bool:
    """Say whether *who* may see the registers of the office."""
    return not who.roles.isdisjoint(READS_DOCUMENTS)


def compose(
    who: Who,
    matters: Answer,
    documents: Answer | None,
    people: People,
    calendar: Calendar,
) -> list[Screen]:
    """Return the screens of *who*: one; for an aide, one for each leader they serve."""
    day = _Day(who, matters, documents or {}, people, calendar)
    if not who.roles.isdisjoint(LEADERS):
        return [day.leader(who.id)]
    person, unit = people.people.get(who.id), people.units.get(who.unit)
    if person is not None and person.aide_of:
        return [day.leader(leader) for leader in people.people if leader in person.aide_of]
    registry = "section_head" in who.roles and unit and "documents" in unit.functions
    if registry or "registry_clerk" in who.roles:
        return [day.clerk()]
    if not who.roles.isdisjoint(OFFICE):
        return [day.supervision()]
    return [day.unit()]


class _Day:
    def __init__(
        self,
        who: Who,
        matters: Answer,
        documents: Answer,
        people: People,
        calendar: Calendar,
    ) -> None:
        self.who = who
        self.people = people
        self.documents = documents
        self.now = datetime.fromisoformat(matters["now"])
        self.answers = documents.get("answers_owed", ())
        reading = Reading(who.unit, self.now, self.answers, people, calendar)
        self.open = [reading.item(row) for row in matters["open"]]
        self.going = [item for item in self.open if item.status != "completed"]
        self.closed = [reading.item(row) for row in matters["closed_this_week"]]

    def clerk(self) -> Screen:
        """Return the registry's screen: what waits at each step, and the next answer due."""
        by_source = {item.source_no: item for item in self.open if item.source_no}
        counts = {
            "to_receive": sum(to_receive(item) for item in self.going),
            "to_register": self.documents.get("to_register", 0),
            "to_assign": count(self.going, "opened"),
            "to_instruct": self.documents.get("to_instruct", 0),
            "to_issue": self.documents.get("to_issue", 0),
            "to_file": self.documents.get("to_file", 0),
        }
        owed = [
            Owed(
                receipt_no=answer["receipt_no"],
                sender=answer["sender"],
                due=moment(answer["outside_due"]),
                work_days_left=answer["work_days_left"],
                at=by_source.get(answer["receipt_no"] or ""),
            )
            for answer in self.answers
        ]
        return Screen(kind="clerk", reader=self.who, now=self.now, counts=counts, owed=owed)

    def supervision(self) -> Screen:
        """Return the supervision section's screen: every matter of the organ, red first."""
        lights = [item.light for item in self.going]
        counts = {
            "going": len(self.going),
            **{light: lights.count(light) for light in DARK_FIRST},
            "to_review": count(self.going, "feedback"),
            "to_assign": count(self.going, "opened"),
        }
        if to_close := count(self.open, "completed"):
            counts["to_close"] = to_close
        officers: dict[str, tuple[int, int]] = {}
        if "section_head" in self.who.roles:  # every officer follows every matter
            figures = (len(self.going), sum(item.overdue for item in self.going))
            named = self.people.with_role("supervision_officer", unit=self.who.unit)
            officers = dict.fromkeys(named, figures)
        return Screen(
            kind="supervision",
            reader=self.who,
            now=self.now,
            counts=counts,
            items=dark_first(self.open),
            officers=officers,
        )

    def leader(self, leader: str) -> Screen:
        """Return what became of the instructions of *leader*."""
        mine = [item for item in self.open if leader in (item.asked_by, item.addressee)]
        closed = [i for i in self.closed if leader in (i.asked_by, i.addressee)]
        counts = {
            "going": sum(item.status != "completed" for item in mine),
            "overdue": sum(item.overdue for item in mine),
            "closed_this_week": len(closed),
            "to_sign": self.documents.get("to_sign", 0),
        }
        return Screen(
            kind="leader",
            reader=self.who,
            leader=leader,
            now=self.now,
            counts=counts,
            items=dark_first(mine),
            closed=closed,
        )

    def unit(self) -> Screen:
        """Return what another department has to do, and how it answers."""
        ours = [item for item in self.going if item.part and item.status != "opened"]
        counts = {
            "to_receive": sum(to_receive(item) for item in ours),
            "going": sum(item.received for item in ours),
            "overdue": sum(item.overdue and item.part == "lead" for item in ours),
        }
        return Screen(
            kind="unit",
            reader=self.who,
            now=self.now,
            counts=counts,
            items=dark_first(ours),
        )
