"""An incoming document 收文: what it may come to next (条例 art 24).

`state` is what it decides by, `deadlines` and `instructions` what takes more than a look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never, get_args

from chassis.domain import Category
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
    StepOverdue,
)
from services.documents.domain.incoming.instructions import instruction_of
from services.documents.domain.incoming.state import DocumentState
from services.documents.domain.numbers import normalise_doc_no
from services.documents.domain.refusals import (
    AlreadyRegisteredError,
    ClassifiedContentError,
)
from services.documents.domain.words import Disposition, InstructionKind, Route, Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Document(DocumentState):
    """An incoming document that decides."""

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
        self.expect_received()
        if self.receipt_no is not None:
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
                due = self.register_due if self.receipt_no is None else None
            case Step.ANSWER:
                due = self.outside_due if self.owes_answer else None
            case _:
                assert_never(command.step)
        if due != command.due or command.step in self.overdue:
            return []
        return [
            StepOverdue(
                document_id=command.document_id,
                organ=self.organ,
                receipt_no=self.receipt_no,
                step=command.step,
                due=command.due,
            )
        ]

    def _mark_answer_near_due(self, command: MarkAnswerNearDue) -> Sequence[IncomingEvent]:
        superseded = not self.owes_answer or command.outside_due != self.outside_due
        if superseded or self.near_due:
            return []
        return [
            AnswerNearDue(
                document_id=command.document_id,
                organ=self.organ,
                receipt_no=self.receipt_no,
                outside_due=command.outside_due,
            )
        ]

    def _instruct(self, command: GiveInstruction) -> Sequence[IncomingEvent]:
        receipt_no = self.expect_registered()
        if self.disposed and command.kind is InstructionKind.ACT_AND_REPORT:
            raise refusals.HandlingOverError
        return [instruction_of(command, self, receipt_no)]

    def _record_handling(self, command: RecordHandling) -> Sequence[IncomingEvent]:
        self.expect_received()
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
        receipt_no = self.expect_registered()
        if self.route is Route.FOR_INFORMATION:
            raise refusals.NoAnswerOwedError
        if self.answered:
            if command.answer_id is not None and command.answer_id == self.answer_id:
                return []  # the same answer told twice
            raise refusals.AlreadyAnsweredError
        return [
            DocumentAnswered(
                document_id=command.document_id,
                organ=self.organ,
                receipt_no=receipt_no,
                outside_due=self.outside_due,
                answered_at=command.answered_at,
                answer_id=command.answer_id,
                answer_no=command.answer_no,
                minutes_before_due=deadlines.minutes_before(
                    self.outside_due, command.answered_at
                ),
            )
        ]

    def _dispose(self, command: RecordDisposition) -> Sequence[IncomingEvent]:
        receipt_no = self.expect_registered()
        if self.disposed:
            raise refusals.AlreadyDisposedError
        if self.owes_answer:
            raise refusals.AnswerOwedError
        filed = command.disposition is Disposition.FILE
        if filed and command.retention is None:
            raise refusals.RetentionMissingError
        if not filed and command.retention is not None:
            raise refusals.RetentionWithoutFilingError
        return [
            DispositionRecorded(
                document_id=command.document_id,
                organ=self.organ,
                receipt_no=receipt_no,
                disposition=command.disposition,
                recorded_by=command.recorded_by,
                retention=command.retention,
            )
        ]


INCOMING: Category[Document, IncomingCommand, IncomingEvent] = Category(
    name="incoming",
    noun="Document",
    initial=Document(),
    events=get_args(IncomingEvent),
    commands=get_args(IncomingCommand),
)
