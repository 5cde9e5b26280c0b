"""What an incoming document remembers, and how each event changes that."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, assert_never
from uuid import UUID

from chassis.domain import UnknownItemError
from services.documents.domain.incoming.events import (
    AnswerNearDue,
    DispositionRecorded,
    DocumentAnswered,
    DocumentReceived,
    DocumentRegistered,
    HandlingRecorded,
    IncomingEvent,
    InstructionGiven,
    StepOverdue,
)
from services.documents.domain.refusals import NotRegisteredError
from services.documents.domain.words import Route, Step, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentState:
    """An incoming document, reduced to what its decisions need and its events must name.

    No receipt number, no route: not registered.
    """

    received: bool = False
    organ: str = ""
    urgency: Urgency = Urgency.NONE
    register_due: datetime | None = None
    outside_due: datetime | None = None
    receipt_no: str | None = None
    route: Route | None = None
    overdue: frozenset[Step] = frozenset()
    near_due: bool = False
    answered: bool = False
    answer_id: UUID | None = None
    handlings: frozenset[tuple[UUID, bool]] = frozenset()
    disposed: bool = False

    @property
    def owes_answer(self) -> bool:
        """Whether the sender still waits; before registering, what it set counts."""
        waits = self.outside_due is not None and not self.answered
        return waits and self.route is not Route.FOR_INFORMATION

    def expect_received(self) -> None:
        """Refuse what nobody received."""
        if not self.received:
            raise UnknownItemError

    def expect_registered(self) -> str:
        """Return the receipt number, or refuse what has none yet."""
        self.expect_received()
        if self.receipt_no is None:
            raise NotRegisteredError
        return self.receipt_no

    def evolve(self, event: IncomingEvent) -> Self:
        """Return the document after *event*."""
        match event:
            case DocumentReceived():
                return replace(
                    self,
                    received=True,
                    organ=event.organ,
                    urgency=event.urgency,
                    register_due=event.register_due,
                    outside_due=event.outside_due,
                )
            case DocumentRegistered(receipt_no=receipt_no, route=route):
                return replace(self, receipt_no=receipt_no, route=route)
            case StepOverdue(step=step):
                return replace(self, overdue=self.overdue | {step})
            case AnswerNearDue():
                return replace(self, near_due=True)
            case InstructionGiven():
                return self  # what it demands is supervised elsewhere
            case HandlingRecorded(matter_id=matter_id, closed=closed):
                return replace(self, handlings=self.handlings | {(matter_id, closed)})
            case DocumentAnswered(answer_id=answer_id):
                return replace(self, answered=True, answer_id=answer_id)
            case DispositionRecorded():
                return replace(self, disposed=True)
            case _:
                assert_never(event)
