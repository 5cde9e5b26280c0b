"""The closed vocabularies of the supervision domain, with their labels."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.domain import Label


class SourceKind(StrEnum):
    """What a matter was opened from."""

    INSTRUCTION = "instruction"


class UrgeMeans(StrEnum):
    """How a unit was urged."""

    PHONE = "phone"
    SHEET = "sheet"


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
    SourceKind: {SourceKind.INSTRUCTION: Label("领导批示", "instruction")},
    UrgeMeans: {
        UrgeMeans.PHONE: Label("电话", "telephone"),
        UrgeMeans.SHEET: Label("催办单", "urging sheet"),
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
