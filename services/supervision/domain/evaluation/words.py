"""The closed vocabularies of scoring, with their labels."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.domain import Label


class FactKind(StrEnum):
    """What the ledger notes of a unit."""

    ASSIGNED = "assigned"
    RECEIPT_OVERDUE = "receipt_overdue"
    RECEIVED_LATE = "received_late"
    ESCALATED = "escalated"
    FEEDBACK_LATE = "feedback_late"
    SENT_BACK = "sent_back"
    COMPLETED = "completed"
    COMMENDED = "commended"
    CLOSED = "closed"


class PointKind(StrEnum):
    """What costs or earns points."""

    LATE = "late"
    SENT_BACK = "sent_back"
    FEEDBACK_LATE = "feedback_late"
    COMMENDED = "commended"


class Unranked(StrEnum):
    """Why a unit is listed but not ranked."""

    FEW_ITEMS = "few_items"
    NO_CLASS = "no_class"


LABELS: Mapping[type[StrEnum], Mapping[str, Label]] = {
    FactKind: {
        FactKind.ASSIGNED: Label("主办交办", "assigned as lead"),
        FactKind.RECEIPT_OVERDUE: Label("签收超时", "receipt overdue"),
        FactKind.RECEIVED_LATE: Label("迟签收", "received late"),
        FactKind.ESCALATED: Label("升级", "escalated"),
        FactKind.FEEDBACK_LATE: Label("反馈迟", "feedback late"),
        FactKind.SENT_BACK: Label("退回", "sent back"),
        FactKind.COMPLETED: Label("办结", "completed"),
        FactKind.COMMENDED: Label("肯定", "commended"),
        FactKind.CLOSED: Label("销号", "closed"),
    },
    PointKind: {
        PointKind.LATE: Label("逾期", "late"),
        PointKind.SENT_BACK: Label("退回", "sent back"),
        PointKind.FEEDBACK_LATE: Label("反馈迟", "feedback late"),
        PointKind.COMMENDED: Label("肯定", "commended"),
    },
    Unranked: {
        Unranked.FEW_ITEMS: Label("件数不足", "few items"),
        Unranked.NO_CLASS: Label("未分类", "no unit class"),
    },
}
