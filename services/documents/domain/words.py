"""The closed vocabularies of the documents domain, with their labels.

Sources: 《党政机关公文处理工作条例》 (中办发〔2012〕14号) arts 8, 9, 24, 25;
the rank of urgencies and secrecy levels: rules of the office, glossary.
"""

from collections.abc import Mapping
from enum import StrEnum

from chassis.domain import Label


class Medium(StrEnum):
    """How an incoming item reached the office."""

    DOCUMENT = "document"
    TELEGRAM = "telegram"
    CALL = "call"
    VISITOR = "visitor"


class Urgency(StrEnum):
    """Of documents: none, urgent, extra_urgent; of telegrams: flash to routine."""

    NONE = "none"
    URGENT = "urgent"
    EXTRA_URGENT = "extra_urgent"
    FLASH = "flash"
    IMMEDIATE = "immediate"
    PRIORITY = "priority"
    ROUTINE = "routine"


class Secrecy(StrEnum):
    """Ranked by 保密法 (2024) art 14; `work_secret` (art 64) is protected but no 密级."""

    NONE = "none"
    WORK_SECRET = "work_secret"
    SECRET = "secret"
    HIGHLY_SECRET = "highly_secret"
    TOP_SECRET = "top_secret"


class Route(StrEnum):
    """Decided at registration (条例 art 24)."""

    FOR_INFORMATION = "for_information"
    FOR_ACTION = "for_action"


class Step(StrEnum):
    """A node of handling that has a limit and an owner."""

    REGISTER = "register"
    ANSWER = "answer"


class InstructionKind(StrEnum):
    """Only `act_and_report` opens a supervised matter."""

    READ = "read"
    REFER_UP = "refer_up"
    ACT = "act"
    ACT_AND_REPORT = "act_and_report"


class Disposition(StrEnum):
    """What becomes of a document when its handling is over (办毕处置)."""

    FILE = "file"
    RETURN = "return"
    DESTROY = "destroy"
    KEEP = "keep"


class Retention(StrEnum):
    """Retention periods of filed documents (国家档案局令第8号)."""

    PERMANENT = "permanent"
    D30 = "d30"
    D10 = "d10"


class DocType(StrEnum):
    """The fifteen legal document types (条例 art 8)."""

    RESOLUTION = "resolution"
    DECISION = "decision"
    ORDER = "order"
    COMMUNIQUE = "communique"
    PROCLAMATION = "proclamation"
    PUBLIC_NOTICE = "public_notice"
    OPINION = "opinion"
    NOTICE = "notice"
    CIRCULAR = "circular"
    REPORT = "report"
    REQUEST = "request"
    REPLY = "reply"
    BILL = "bill"
    LETTER = "letter"
    MINUTES = "minutes"


class Direction(StrEnum):
    """Whom a document goes to, seen from its issuer."""

    UPWARD = "upward"
    DOWNWARD = "downward"
    LEVEL = "level"


# One mapping per enumeration: members of equal value (`none`) are equal keys.
LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    Medium: {
        Medium.DOCUMENT: Label("公文", "document"),
        Medium.TELEGRAM: Label("电报", "telegram"),
        Medium.CALL: Label("电话记录", "recorded call"),
        Medium.VISITOR: Label("来访", "visitor"),
    },
    Urgency: {
        Urgency.NONE: Label("无", "none"),
        Urgency.URGENT: Label("加急", "urgent"),
        Urgency.EXTRA_URGENT: Label("特急", "extra urgent"),
        Urgency.FLASH: Label("特提", "flash"),
        Urgency.IMMEDIATE: Label("特急", "immediate"),
        Urgency.PRIORITY: Label("加急", "priority"),
        Urgency.ROUTINE: Label("平急", "routine"),
    },
    Secrecy: {
        Secrecy.NONE: Label("无", "none"),
        Secrecy.WORK_SECRET: Label("工作秘密", "work secret"),
        Secrecy.SECRET: Label("秘密", "secret"),
        Secrecy.HIGHLY_SECRET: Label("机密", "highly secret"),
        Secrecy.TOP_SECRET: Label("绝密", "top secret"),
    },
    Route: {
        Route.FOR_INFORMATION: Label("阅知件", "for information"),
        Route.FOR_ACTION: Label("批办件", "for action"),
    },
    Step: {
        Step.REGISTER: Label("登记", "register"),
        Step.ANSWER: Label("答复", "answer"),
    },
    InstructionKind: {
        InstructionKind.READ: Label("阅", "read"),
        InstructionKind.REFER_UP: Label("报请上级领导阅示", "refer up"),
        InstructionKind.ACT: Label("办", "act"),
        InstructionKind.ACT_AND_REPORT: Label("办并报结果", "act and report"),
    },
    Disposition: {
        Disposition.FILE: Label("归档", "file"),
        Disposition.RETURN: Label("清退", "return"),
        Disposition.DESTROY: Label("销毁", "destroy"),
        Disposition.KEEP: Label("留存", "keep"),
    },
    Retention: {
        Retention.PERMANENT: Label("永久", "permanent"),
        Retention.D30: Label("30年", "30 years"),
        Retention.D10: Label("10年", "10 years"),
    },
    DocType: {
        DocType.RESOLUTION: Label("决议", "resolution"),
        DocType.DECISION: Label("决定", "decision"),
        DocType.ORDER: Label("命令（令）", "order"),
        DocType.COMMUNIQUE: Label("公报", "communique"),
        DocType.PROCLAMATION: Label("公告", "proclamation"),
        DocType.PUBLIC_NOTICE: Label("通告", "public notice"),
        DocType.OPINION: Label("意见", "opinions"),
        DocType.NOTICE: Label("通知", "notice"),
        DocType.CIRCULAR: Label("通报", "circular"),
        DocType.REPORT: Label("报告", "report"),
        DocType.REQUEST: Label("请示", "request for instructions"),
        DocType.REPLY: Label("批复", "reply"),
        DocType.BILL: Label("议案", "bill"),
        DocType.LETTER: Label("函", "letter"),
        DocType.MINUTES: Label("纪要", "minutes"),
    },
    Direction: {
        Direction.UPWARD: Label("上行文", "upward"),
        Direction.DOWNWARD: Label("下行文", "downward"),
        Direction.LEVEL: Label("平行文", "level"),
    },
}


def label_of(word: StrEnum) -> Label:
    """Return what an office reads for *word*, a member of an enumeration above."""
    return LABELS[type(word)][word]
