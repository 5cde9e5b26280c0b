"""What can be asked of a supervised matter: by phase, in the modules of this package."""

from typing import TypeAlias

from services.supervision.domain.commands.assigning import (
    AssignMatter,
    MarkAssignmentOverdue,
    MarkReceiptOverdue,
    NameHandler,
    ReceiveMatter,
)
from services.supervision.domain.commands.opening import (
    DecomposeMatter,
    NoteSubMatterCompleted,
    OpenByHand,
    OpenFromOpinion,
    OpenMatter,
)
from services.supervision.domain.commands.reporting import (
    AcceptFeedback,
    CloseMatter,
    GiveFeedback,
    NoteHandlingReport,
    NoteResultSeen,
    NoteSatisfactionVote,
    RecordResultSeen,
    SendBackFeedback,
)
from services.supervision.domain.commands.urging import (
    IssueSupervisionNotice,
    IssueUrgingSheet,
    MarkFeedbackLate,
    MarkNearDue,
    MarkOverdue,
    ReachRung,
    ReceiveSupervisionNotice,
    ReceiveUrgingSheet,
    UrgeByPhone,
)

MatterCommand: TypeAlias = (
    OpenMatter
    | OpenFromOpinion
    | OpenByHand
    | DecomposeMatter
    | NoteSubMatterCompleted
    | MarkAssignmentOverdue
    | AssignMatter
    | ReceiveMatter
    | MarkReceiptOverdue
    | NameHandler
    | UrgeByPhone
    | MarkNearDue
    | MarkOverdue
    | ReachRung
    | IssueUrgingSheet
    | ReceiveUrgingSheet
    | IssueSupervisionNotice
    | ReceiveSupervisionNotice
    | MarkFeedbackLate
    | GiveFeedback
    | AcceptFeedback
    | SendBackFeedback
    | NoteHandlingReport
    | NoteResultSeen
    | RecordResultSeen
    | NoteSatisfactionVote
    | CloseMatter
)

__all__ = [
    "AcceptFeedback",
    "AssignMatter",
    "CloseMatter",
    "DecomposeMatter",
    "GiveFeedback",
    "IssueSupervisionNotice",
    "IssueUrgingSheet",
    "MarkAssignmentOverdue",
    "MarkFeedbackLate",
    "MarkNearDue",
    "MarkOverdue",
    "MarkReceiptOverdue",
    "MatterCommand",
    "NameHandler",
    "NoteHandlingReport",
    "NoteResultSeen",
    "NoteSatisfactionVote",
    "NoteSubMatterCompleted",
    "OpenByHand",
    "OpenFromOpinion",
    "OpenMatter",
    "ReachRung",
    "ReceiveMatter",
    "ReceiveSupervisionNotice",
    "ReceiveUrgingSheet",
    "RecordResultSeen",
    "SendBackFeedback",
    "UrgeByPhone",
]
