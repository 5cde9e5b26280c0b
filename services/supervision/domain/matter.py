"""The supervised matter (督查事项): one item, one sheet, followed until it is closed.

`decide` is the table of contents: `opening` opens and divides, `assigning` assigns and
receives, `urging`, `escalating` and `rhythmic` keep it from being forgotten, `reporting`
answers, `closing` closes or begins again; `state` is what they decide by.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never, get_args

from chassis.domain import Category, UnknownItemError
from services.supervision.domain import (
    assigning,
    closing,
    escalating,
    opening,
    reporting,
    rhythmic,
    urging,
)
from services.supervision.domain.commands import (
    AcceptFeedback,
    AssignMatter,
    CloseMatter,
    DecomposeMatter,
    GiveFeedback,
    IssueSupervisionNotice,
    IssueUrgingSheet,
    MarkAssignmentOverdue,
    MarkFeedbackLate,
    MarkNearDue,
    MarkOverdue,
    MarkReceiptOverdue,
    MatterCommand,
    NameHandler,
    NoteHandlingReport,
    NoteResultSeen,
    NoteSatisfactionVote,
    NoteSubMatterCompleted,
    OpenByHand,
    OpenFromOpinion,
    OpenMatter,
    ReachRung,
    ReceiveMatter,
    ReceiveSupervisionNotice,
    ReceiveUrgingSheet,
    RecordResultSeen,
    SendBackFeedback,
    UrgeByPhone,
)
from services.supervision.domain.events import MatterEvent
from services.supervision.domain.evolving import EvolvingMatter

Notice: TypeAlias = (
    MarkAssignmentOverdue
    | MarkReceiptOverdue
    | MarkNearDue
    | MarkOverdue
    | ReachRung
    | MarkFeedbackLate
    | NoteSubMatterCompleted
    | NoteHandlingReport
    | NoteResultSeen
    | NoteSatisfactionVote
)
"""What a timer or another service tells: it is never refused, at most it changes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter(EvolvingMatter):
    """A supervised matter that decides."""

    def decide(self, command: MatterCommand) -> list[MatterEvent]:
        """Return the events that *command* causes, or refuse it."""
        unknown = self.source_id is None
        if isinstance(command, Notice) and (unknown or self.closed):
            return []
        if unknown and not isinstance(command, OpenMatter | OpenFromOpinion | OpenByHand):
            raise UnknownItemError(matter_id=command.matter_id)
        match command:
            case OpenMatter():
                return opening.open_matter(self, command)
            case OpenFromOpinion():
                return opening.open_from_opinion(self, command)
            case OpenByHand():
                return opening.open_by_hand(self, command)
            case DecomposeMatter():
                return opening.decompose(self, command)
            case NoteSubMatterCompleted():
                return opening.note_sub_matter_completed(self, command)
            case MarkAssignmentOverdue():
                return assigning.mark_assignment_overdue(self, command)
            case AssignMatter():
                return assigning.assign(self, command)
            case ReceiveMatter():
                return assigning.receive(self, command)
            case MarkReceiptOverdue():
                return assigning.mark_receipt_overdue(self, command)
            case NameHandler():
                return assigning.name_handler(self, command)
            case UrgeByPhone():
                return urging.urge_by_phone(self, command)
            case MarkNearDue():
                return urging.mark_near_due(self, command)
            case MarkOverdue():
                return urging.mark_overdue(self, command)
            case ReachRung():
                return urging.reach_rung(self, command)
            case IssueUrgingSheet():
                return urging.issue_sheet(self, command)
            case ReceiveUrgingSheet():
                return urging.receive_sheet(self, command)
            case IssueSupervisionNotice():
                return escalating.issue_notice(self, command)
            case ReceiveSupervisionNotice():
                return escalating.receive_notice(self, command)
            case MarkFeedbackLate():
                return rhythmic.mark_feedback_late(self, command)
            case GiveFeedback():
                return reporting.give_feedback(self, command)
            case AcceptFeedback():
                return reporting.accept_feedback(self, command)
            case SendBackFeedback():
                return reporting.send_back(self, command)
            case NoteHandlingReport():
                return closing.note_handling_report(self, command)
            case NoteResultSeen():
                return closing.note_result_seen(self, command)
            case RecordResultSeen():
                return closing.record_result_seen(self, command)
            case NoteSatisfactionVote():
                return closing.note_satisfaction_vote(self, command)
            case CloseMatter():
                return closing.close(self, command)
            case _:
                assert_never(command)


MATTER = Category(
    name="matter",
    noun="Matter",
    initial=Matter(),
    events=get_args(MatterEvent),
    commands=get_args(MatterCommand),
)
