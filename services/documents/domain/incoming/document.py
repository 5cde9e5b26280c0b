"""An incoming document 收文: what it may come to next (条例 art 24)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, assert_never, get_args
from uuid import UUID

from chassis.domain import Category, UnknownItemError
from services.documents.domain.incoming import deadlines, refusals
from services.documents.domain.incoming.commands import (
    AnswerDocument,
    GiveInstruction,
    IncomingCommand,
    MarkAnswerNearDue,
    MarkStepOverdue,
    ReceiveDocument,
    RecordDisposition,
    RecordHandling,
    RegisterDocument,
)
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
from services.documents.domain.incoming.instructions import instruction_of
from services.documents.domain.numbers import normalise_doc_no
from services.documents.domain.refusals import (
    AlreadyRegisteredError,
    ClassifiedContentError,
    NotRegisteredError,
)
from services.documents.domain.words import Disposition, InstructionKind, Route, Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """An incoming document, reduced to what its decisions need. No route: not registered."""

    received: bool = False
    register_due: datetime | None = None
    outside_due: datetime | None = None
    route: Route | None = None
    overdue: frozenset[Step] = frozenset()
    near_due: bool = False
    answered: bool = False
    answer_id: UUID | None = None
    handlings: frozenset[tuple[UUID, bool]] = frozenset()
    disposed: bool = False

    def decide(self, command: IncomingCommand) -> Sequence[IncomingEvent]:
        """Return the events that *command* causes, or refuse it."""
        match command:
            case ReceiveDocument():
                return self._receive(command)
            case MarkStepOverdue():
                return self._mark_step_overdue(command)
            case MarkAnswerNearDue():
                return self._mark_answer_near_due(command)
            case RegisterDocument():
                return self._register(command)
            case GiveInstruction():
                return self._instruct(command)
            case RecordHandling():
                return self._record_handling(command)
            case AnswerDocument():
                return self._answer(command)
            case RecordDisposition():
                return self._dispose(command)
            case _:
                assert_never(command)

    def evolve(self, event: IncomingEvent) -> Self:
        """Return the document after *event*."""
        match event:
            case DocumentReceived():
                return replace(
                    self,
                    received=True,
                    register_due=event.register_due,
                    outside_due=event.outside_due,
                )
            case DocumentRegistered(route=route):
                return replace(self, route=route)
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

    def _receive(self, command: ReceiveDocument) -> Sequence[IncomingEvent]:
        if command.secrecy not in command.limits.licensed_secrecy:
            raise ClassifiedContentError
        if self.received:
            raise refusals.AlreadyReceivedError
        return [
            DocumentReceived(
                document_id=command.document_id,
                organ=command.organ,
                medium=command.medium,
                sender=command.sender,
                sender_doc_no=command.sender_doc_no,
                normalised_doc_no=normalise_doc_no(command.sender_doc_no),
                title=command.title,
                urgency=command.urgency,
                received_by=command.received_by,
                received_at=command.received_at,
                register_due=deadlines.register_due(command),
                outside_due=command.outside_due,
                answer_near=deadlines.answer_near(command),
                contact=command.contact,
            )
        ]

    def _register(self, command: RegisterDocument) -> Sequence[IncomingEvent]:
        if not self.received:
            raise UnknownItemError
        if self.route is not None:
            raise AlreadyRegisteredError
        early = deadlines.minutes_before(self.register_due, command.registered_at)
        return [
            DocumentRegistered(
                document_id=command.document_id,
                receipt_no=command.receipt_no,
                route=command.route,
                registered_by=command.registered_by,
                registered_at=command.registered_at,
                minutes_late=max(0, -(early or 0)),
            )
        ]

    def _mark_step_overdue(self, command: MarkStepOverdue) -> Sequence[IncomingEvent]:
        match command.step:
            case Step.REGISTER:
                due = self.register_due if self.route is None else None
            case Step.ANSWER:
                due = self.outside_due if self._owes_answer() else None
            case _:
                assert_never(command.step)
        if due != command.due or command.step in self.overdue:
            return []
        return [
            StepOverdue(document_id=command.document_id, step=command.step, due=command.due)
        ]

    def _mark_answer_near_due(self, command: MarkAnswerNearDue) -> Sequence[IncomingEvent]:
        superseded = not self._owes_answer() or command.outside_due != self.outside_due
        if superseded or self.near_due:
            return []
        return [
            AnswerNearDue(document_id=command.document_id, outside_due=command.outside_due)
        ]

    def _instruct(self, command: GiveInstruction) -> Sequence[IncomingEvent]:
        self._require_registered()
        if self.disposed and command.kind is InstructionKind.ACT_AND_REPORT:
            raise refusals.HandlingOverError
        return [instruction_of(command)]

    def _record_handling(self, command: RecordHandling) -> Sequence[IncomingEvent]:
        if not self.received:
            raise UnknownItemError
        if (command.matter_id, command.closed) in self.handlings:
            return []
        return [
            HandlingRecorded(
                document_id=command.document_id,
                matter_id=command.matter_id,
                matter_no=command.matter_no,
                completed_at=command.completed_at,
                closed=command.closed,
                late_work_days=command.late_work_days,
            )
        ]

    def _answer(self, command: AnswerDocument) -> Sequence[IncomingEvent]:
        self._require_registered()
        if self.route is Route.FOR_INFORMATION:
            raise refusals.NoAnswerOwedError
        if self.answered:
            if command.answer_id is not None and command.answer_id == self.answer_id:
                return []  # the same answer told twice
            raise refusals.AlreadyAnsweredError
        return [
            DocumentAnswered(
                document_id=command.document_id,
                answered_at=command.answered_at,
                answer_id=command.answer_id,
                answer_no=command.answer_no,
                minutes_before_due=deadlines.minutes_before(
                    self.outside_due, command.answered_at
                ),
            )
        ]

    def _dispose(self, command: RecordDisposition) -> Sequence[IncomingEvent]:
        self._require_registered()
        if self.disposed:
            raise refusals.AlreadyDisposedError
        if self._owes_answer():
            raise refusals.AnswerOwedError
        filed = command.disposition is Disposition.FILE
        if filed and command.retention is None:
            raise refusals.RetentionMissingError
        if not filed and command.retention is not None:
            raise refusals.RetentionWithoutFilingError
        return [
            DispositionRecorded(
                document_id=command.document_id,
                disposition=command.disposition,
                recorded_by=command.recorded_by,
                retention=command.retention,
            )
        ]

    def _require_registered(self) -> None:
        if not self.received:
            raise UnknownItemError
        if self.route is None:
            raise NotRegisteredError

    def _owes_answer(self) -> bool:
        """Say whether the sender still waits; before registering, what it set counts."""
        waits = self.outside_due is not None and not self.answered
        return waits and self.route is not Route.FOR_INFORMATION


INCOMING: Category[Document, IncomingCommand, IncomingEvent] = Category(
    name="incoming",
    noun="Document",
    initial=Document(),
    events=get_args(IncomingEvent),
    commands=get_args(IncomingCommand),
)
