"""What an event of ours makes us do next: timers, and the answer that a receipt proves."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from chassis.parts import Parts
from chassis.store import Cause, Stored
from chassis.timers import Arm, Disarm, DisarmAll, Fired, Firing, Setting
from services.documents.domain.incoming.commands import (
    AnswerDocument,
    MarkAnswerNearDue,
    MarkStepOverdue,
)
from services.documents.domain.incoming.document import INCOMING
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
from services.documents.domain.outgoing.events import OutgoingEvent, ReceiptConfirmed
from services.documents.domain.words import Route, Step

ANSWER_NEAR = "answer-near"
REGISTER = "register"
ANSWER = "answer"


def arm_incoming(event: IncomingEvent) -> Sequence[Setting]:
    """Return the timers that *event* arms and disarms."""
    match event:
        case DocumentReceived():
            dates = {
                REGISTER: event.register_due,
                ANSWER_NEAR: event.answer_near,
                ANSWER: event.outside_due,
            }
            return [Arm(name=name, due_at=due) for name, due in dates.items() if due]
        case DocumentRegistered(route=Route.FOR_INFORMATION):
            return [DisarmAll()]
        case DocumentRegistered():
            return [Disarm(name=REGISTER)]
        case AnswerNearDue():
            return [Disarm(name=ANSWER_NEAR)]
        case StepOverdue(step=step):
            return [Disarm(name=step.value)]
        case DocumentAnswered():
            return [Disarm(name=ANSWER_NEAR), Disarm(name=ANSWER)]
        case DispositionRecorded():
            return [DisarmAll()]
        case InstructionGiven() | HandlingRecorded():
            return []


def firing(parts: Parts) -> Mapping[str, Firing]:
    """Return what each timer does when its time has come."""
    incoming = parts.store.of(INCOMING)

    async def answer_near(fired: Fired) -> None:
        state = (await incoming.read(fired.item_id)).state
        if state.outside_due is not None:
            command = MarkAnswerNearDue(
                document_id=fired.item_id, outside_due=state.outside_due
            )
            await incoming.execute(fired.item_id, command, fired.cause)

    async def step_overdue(fired: Fired) -> None:
        command = MarkStepOverdue(
            document_id=fired.item_id, step=Step(fired.name), due=fired.due_at
        )
        await incoming.execute(fired.item_id, command, fired.cause)

    return {ANSWER_NEAR: answer_near, REGISTER: step_overdue, ANSWER: step_overdue}


def reactions(
    parts: Parts,
) -> Mapping[str, Callable[[Stored[Any], Cause], Awaitable[object]]]:
    """Return what follows from our own events on other streams of ours."""

    async def answer_source(stored: Stored[OutgoingEvent], cause: Cause) -> None:
        """Count what our document answers as answered, once a recipient has it."""
        event = stored.event
        if isinstance(event, ReceiptConfirmed) and event.answered_document_id is not None:
            command = AnswerDocument(
                document_id=event.answered_document_id,
                answered_at=event.confirmed_at,
                answer_id=event.document_id,
                answer_no=event.doc_no,
            )
            await parts.store.execute(INCOMING, event.answered_document_id, command, cause)

    return {"outgoing": answer_source}
