"""What a supervised matter remembers; `evolving` says how each event changes that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from services.supervision.domain.ladder import DatedRung
from services.supervision.domain.refusals import (
    AlreadyClosedError,
    NotAssignedToUnitError,
    NotReceivedError,
)
from services.supervision.domain.rhythm import FeedbackDue, Rhythm
from services.supervision.domain.words import FeedbackKind

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """A feedback, reduced to what accepting it or sending it back needs."""

    kind: FeedbackKind
    submitted_at: datetime
    accepted: bool = False
    sent_back: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is a result that waits for the office."""
        return self.kind is FeedbackKind.FINAL and not (self.accepted or self.sent_back)


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The result that is in: an accepted feedback of the lead, or an organ's report."""

    submitted_at: datetime
    feedback_id: UUID | None = None
    report_no: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterState:
    """A supervised matter, reduced to what its decisions need and its events must name.

    *source_id* is None until it is opened, *number* until it is assigned (of what is
    addressed to an organ it is its source's), *late_work_days* until it is completed.
    *lead* and *co* are as assigned; before that, as the leader who asked named them.
    *sheet_for* is the unit whose urging sheet waits to be issued, *sheets* are the issued
    ones with the units they urge; *notices_prepared* are rungs whose supervision notice
    waits, *notices* the issued ones with the unit heads they went to. *reached* are the
    rungs after the due date that were reached; *children* say of each whether it is
    completed. *result* is in, and waits where a child is not completed.
    """

    source_id: UUID | None = None
    source_document_id: UUID | None = None
    source_document_no: str | None = None
    organ: str = ""
    addressed_organ: str | None = None
    parent_id: UUID | None = None
    asked_by: str = ""
    addressee: str | None = None
    urgency: str = ""
    round: int = 1
    due: datetime = NEVER
    comment_due: datetime | None = None
    outside_due: datetime | None = None
    start: date = date.max
    rhythm: Rhythm | None = None
    assign_due: datetime | None = None
    assignment_overdue: bool = False
    number: str | None = None
    lead: str | None = None
    co: tuple[str, ...] = ()
    receive_due: datetime | None = None
    received: frozenset[str] = frozenset()
    receipt_overdue: frozenset[str] = frozenset()
    handlers: Mapping[str, str] = field(default_factory=dict)
    near_marked: datetime | None = None
    overdue_marked: datetime | None = None
    rungs: tuple[DatedRung, ...] = ()
    reached: frozenset[str] = frozenset()
    sheet_for: str | None = None
    sheet_colour: str | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    sheets_received: frozenset[str] = frozenset()
    notices_prepared: tuple[str, ...] = ()
    notices: Mapping[str, str] = field(default_factory=dict)
    notices_received: frozenset[str] = frozenset()
    feedback_dues: tuple[FeedbackDue, ...] = ()
    feedback_answered: datetime | None = None
    feedback_late: frozenset[str] = frozenset()
    feedback: Mapping[UUID, Feedback] = field(default_factory=dict)
    sent_back: int = 0
    children: Mapping[UUID, bool] = field(default_factory=dict)
    result: Result | None = None
    submitted_at: datetime = NEVER
    late: bool = False
    late_work_days: int | None = None
    seen: Mapping[str, bool] = field(default_factory=dict)
    votes: frozenset[UUID] = frozenset()
    satisfied: bool = False
    closed: bool = False

    @property
    def units(self) -> frozenset[str]:
        """The units that it is assigned to: none until it is."""
        if self.number is None or self.lead is None:
            return frozenset()
        return frozenset((self.lead, *self.co))

    @property
    def completed(self) -> bool:
        """Whether its result is final."""
        return self.late_work_days is not None

    @property
    def final_waits(self) -> bool:
        """Whether a final feedback waits to be accepted."""
        return any(given.waits for given in self.feedback.values())

    @property
    def answered(self) -> bool:
        """Whether the result is in, so that the lights and rungs rest."""
        return self.completed or self.result is not None or self.final_waits

    @property
    def result_seen(self) -> bool:
        """Whether the leader who asked has seen the result."""
        return self.asked_by in self.seen

    @property
    def open_children(self) -> frozenset[UUID]:
        """The sub-matters that are not completed."""
        return frozenset(child for child, done in self.children.items() if not done)

    def expect_not_closed(self) -> None:
        """Refuse to change what is closed."""
        if self.closed:
            raise AlreadyClosedError

    def expect_unit(self, unit: str) -> str:
        """Return the number, or refuse *unit* where it neither leads nor co-handles."""
        if self.number is None or unit not in self.units:
            raise NotAssignedToUnitError(unit=unit)
        return self.number

    def expect_received(self, unit: str) -> str:
        """Return the number, or refuse *unit* until it has received the matter."""
        number = self.expect_unit(unit)
        if unit not in self.received:
            raise NotReceivedError(unit=unit)
        return number
