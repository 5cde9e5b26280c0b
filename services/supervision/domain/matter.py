"""The supervised matter (督查事项): one item, one sheet, followed until it is closed.

`decide` is the table of contents: `assigning` opens, assigns and receives, `urging` keeps
the lights and the ladder, `reporting` answers and closes; `state` is what they decide by.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never, get_args

from chassis.domain import Category, UnknownItemError
from services.supervision.domain import assigning, reporting, urging
from services.supervision.domain.commands import (
    AcceptFeedback,
    AssignMatter,
    CloseMatter,
    GiveFeedback,
    IssueUrgingSheet,
    MarkAssignmentOverdue,
    MarkNearDue,
    MarkOverdue,
    MarkReceiptOverdue,
    MatterCommand,
    NameHandler,
    NoteResultSeen,
    OpenMatter,
    PrepareUrgingSheet,
    ReceiveMatter,
    ReceiveUrgingSheet,
    UrgeByPhone,
)
from services.supervision.domain.events import MatterEvent
from services.supervision.domain.state import MatterState

Notice: TypeAlias = (
    MarkAssignmentOverdue
    | MarkReceiptOverdue
    | MarkNearDue
    | MarkOverdue
    | PrepareUrgingSheet
    | NoteResultSeen
)
"""What a timer or another service tells: it is never refused, at most it changes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter(MatterState):
    """A supervised matter that decides."""

    def decide(self, command: MatterCommand) -> list[MatterEvent]:
        """Return the events that *command* causes, or refuse it."""
        unknown = self.source_id is None
        if isinstance(command, Notice) and (unknown or self.closed):
            return []
        if unknown and not isinstance(command, OpenMatter):
            raise UnknownItemError(matter_id=command.matter_id)
        match command:
            case OpenMatter():
                return assigning.open_matter(self, command)
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
            case PrepareUrgingSheet():
                return urging.prepare_sheet(self, command)
            case IssueUrgingSheet():
                return urging.issue_sheet(self, command)
            case ReceiveUrgingSheet():
                return urging.receive_sheet(self, command)
            case GiveFeedback():
                return reporting.give_feedback(self, command)
            case AcceptFeedback():
                return reporting.accept_feedback(self, command)
            case NoteResultSeen():
                return reporting.note_result_seen(self, command)
            case CloseMatter():
                return reporting.close(self, command)
            case _:
                assert_never(command)


MATTER = Category(
    name="matter",
    noun="Matter",
    initial=Matter(),
    events=get_args(MatterEvent),
    commands=get_args(MatterCommand),
)
