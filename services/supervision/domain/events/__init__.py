"""What can have happened to a supervised matter: by phase, in the modules of this package.

Each event names the organ and, once assigning gave it, the number. An event about one unit
names that *unit*. One about the whole matter names its *lead* and *co* units: as assigned,
and before that as the leader who asked named them, if he did.
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
from services.supervision.domain.events.reporting import (
    FeedbackAccepted,
    FeedbackGiven,
    MatterClosed,
    MatterCompleted,
    ResultSeen,
)
from services.supervision.domain.events.urging import (
    MatterNearDue,
    MatterOverdue,
    MatterUrged,
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
    | MatterUrged
    | MatterNearDue
    | MatterOverdue
    | UrgingSheetPrepared
    | UrgingSheetReceived
    | FeedbackGiven
    | FeedbackAccepted
    | MatterCompleted
    | ResultSeen
    | MatterClosed
)

__all__ = [
    "FeedbackAccepted",
    "FeedbackGiven",
    "HandlerNamed",
    "MatterAssigned",
    "MatterAssignmentOverdue",
    "MatterClosed",
    "MatterCompleted",
    "MatterEvent",
    "MatterNearDue",
    "MatterOpened",
    "MatterOverdue",
    "MatterReceiptOverdue",
    "MatterReceived",
    "MatterUrged",
    "ResultSeen",
    "UrgingSheetPrepared",
    "UrgingSheetReceived",
]
