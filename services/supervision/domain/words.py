"""The closed vocabularies of the supervision domain, with their labels."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.domain import Label


class SourceKind(StrEnum):
    """What a matter was opened from. A new kind is a new value here and in `proto/`."""

    INSTRUCTION = "instruction"
    DELIBERATION_OPINION = "deliberation_opinion"
    BY_HAND = "by_hand"


class UrgeMeans(StrEnum):
    """How a unit was urged."""

    PHONE = "phone"
    SHEET = "sheet"
    AUTOMATIC = "automatic"


class SheetKind(StrEnum):
    """Which numbered sheet a rung of the ladder calls for; its colour is a field."""

    URGING_SHEET = "urging_sheet"
    SUPERVISION_NOTICE = "supervision_notice"


class RungAt(StrEnum):
    """At which moment a rung stands: near, at the due date, or on a working day after it."""

    NEAR = "near"
    DUE = "due"
    OPENING = "opening"
    CLOSING = "closing"


class FeedbackKind(StrEnum):
    """Progress on the way, or the result (节点反馈 / 结果反馈)."""

    PROGRESS = "progress"
    FINAL = "final"


class Light(StrEnum):
    """How a matter stands to its due date."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


LABELS: Mapping[type[StrEnum], Mapping[str, Label]] = {
    SourceKind: {
        SourceKind.INSTRUCTION: Label("领导批示", "instruction"),
        SourceKind.DELIBERATION_OPINION: Label("审议意见", "deliberation opinion"),
        SourceKind.BY_HAND: Label("领导交办", "by hand"),
    },
    UrgeMeans: {
        UrgeMeans.PHONE: Label("电话", "telephone"),
        UrgeMeans.SHEET: Label("催办单", "urging sheet"),
        UrgeMeans.AUTOMATIC: Label("自动催办", "automatic"),
    },
    SheetKind: {
        SheetKind.URGING_SHEET: Label("催办单", "urging sheet"),
        SheetKind.SUPERVISION_NOTICE: Label("督办通知单", "supervision notice"),
    },
    RungAt: {
        RungAt.NEAR: Label("临期", "near"),
        RungAt.DUE: Label("到期", "due"),
        RungAt.OPENING: Label("上班时", "opening"),
        RungAt.CLOSING: Label("下班时", "closing"),
    },
    FeedbackKind: {
        FeedbackKind.PROGRESS: Label("节点反馈", "progress"),
        FeedbackKind.FINAL: Label("结果反馈", "final"),
    },
    Light: {
        Light.GREEN: Label("绿", "green"),
        Light.YELLOW: Label("黄", "yellow"),
        Light.RED: Label("红", "red"),
    },
}
