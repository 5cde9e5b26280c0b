"""What can have happened to a supervised matter: by phase, in the modules of this package.

Each event names the organ and its number: as assigning gave it or, of what is addressed to an
organ, that of its source. An event about one unit names that *unit*. One about the whole
matter names its *lead* and *co* units: as assigned, and before that as the leader who asked
named them, if he did; or the *addressed_organ* instead of units.
"""

from typing import TypeAlias

from services.supervision.domain.events.assigning import (
    HandlerNamed,
    MatterAssigned,
    MatterAssignmentOverdue,
    MatterOpened,
    MatterReceiptOverdue,
    MatterReceived,
)
from services.supervision.domain.events.decomposing import (
    HandlingReportNoted,
    MatterDecomposed,
    MatterRoundOpened,
    SatisfactionVoteNoted,
    SubMatterCompleted,
)
from services.supervision.domain.events.reporting import (
    FeedbackAccepted,
    FeedbackGiven,
    FeedbackLate,
    FeedbackSentBack,
    MatterClosed,
    MatterCompleted,
    ResultSeen,
)
from services.supervision.domain.events.urging import (
    MatterEscalated,
    MatterNearDue,
    MatterOverdue,
    MatterUrged,
    SupervisionNoticeIssued,
    SupervisionNoticeReceived,
    UrgingSheetPrepared,
    UrgingSheetReceived,
)

MatterEvent: TypeAlias = (
    MatterOpened
    | MatterAssignmentOverdue
    | MatterAssigned
    | MatterReceived
    | MatterReceiptOverdue
    | HandlerNamed
    | MatterDecomposed
    | MatterUrged
    | MatterNearDue
    | MatterOverdue
    | UrgingSheetPrepared
    | UrgingSheetReceived
    | MatterEscalated
    | SupervisionNoticeIssued
    | SupervisionNoticeReceived
    | FeedbackGiven
    | FeedbackLate
    | FeedbackSentBack
    | FeedbackAccepted
    | SubMatterCompleted
    | HandlingReportNoted
    | MatterCompleted
    | ResultSeen
    | SatisfactionVoteNoted
    | MatterRoundOpened
    | MatterClosed
)

__all__ = [
    "FeedbackAccepted",
    "FeedbackGiven",
    "FeedbackLate",
    "FeedbackSentBack",
    "HandlerNamed",
    "HandlingReportNoted",
    "MatterAssigned",
    "MatterAssignmentOverdue",
    "MatterClosed",
    "MatterCompleted",
    "MatterDecomposed",
    "MatterEscalated",
    "MatterEvent",
    "MatterNearDue",
    "MatterOpened",
    "MatterOverdue",
    "MatterReceiptOverdue",
    "MatterReceived",
    "MatterRoundOpened",
    "MatterUrged",
    "ResultSeen",
    "SatisfactionVoteNoted",
    "SubMatterCompleted",
    "SupervisionNoticeIssued",
    "SupervisionNoticeReceived",
    "UrgingSheetPrepared",
    "UrgingSheetReceived",
]
