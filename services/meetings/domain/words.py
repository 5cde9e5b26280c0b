"""The closed vocabularies of the meetings domain, with their labels."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.domain import Label


class MeetingBodyKind(StrEnum):
    """What kind of meeting body it is 会议体."""

    CONGRESS_SESSION = "congress_session"
    STANDING_COMMITTEE = "standing_committee"
    CHAIRPERSONS = "chairpersons"
    EXECUTIVE_MEETING = "executive_meeting"


class DecidesBy(StrEnum):
    """How a meeting body decides: by its members' votes, or by its chair."""

    VOTE = "vote"
    CHAIR = "chair"


class AgendaItemKind(StrEnum):
    """What is put before a meeting 议题."""

    SPECIAL_WORK_REPORT = "special_work_report"
    HANDLING_REPORT = "handling_report"
    RESOLUTION = "resolution"
    GENERAL = "general"


class MaterialStage(StrEnum):
    """Which paper is due 材料环节."""

    COLLECTED_OPINIONS = "collected_opinions"
    DRAFT_FOR_COMMENT = "draft_for_comment"
    REVISED = "revised"
    REPORT = "report"
    ITEM = "item"
    MATERIALS = "materials"
    TO_MEMBERS = "to_members"


class StageBasis(StrEnum):
    """Who demands a stage: the law's can be accepted late, never waived."""

    LAW = "law"
    LOCAL = "local"


class CountedIn(StrEnum):
    """Which days lie between a stage and its meeting."""

    CALENDAR_DAYS = "calendar_days"
    WORK_DAYS = "work_days"


class OwedBy(StrEnum):
    """Which side owes a stage: who reports, or the office of the meeting body."""

    REPORTING_UNIT = "reporting_unit"
    OFFICE = "office"


class Outcome(StrEnum):
    """What a meeting makes of an item."""

    ADOPTED = "adopted"
    ADOPTED_IN_PRINCIPLE = "adopted_in_principle"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    DELIBERATED = "deliberated"


class OpinionStep(StrEnum):
    """A step of a deliberation opinion that has a limit."""

    DRAFT = "draft"
    HAND_OVER = "hand_over"
    COMMENT_DRAFT = "comment_draft"
    REPORT = "report"


class SatisfactionOutcome(StrEnum):
    """What follows from a satisfaction vote."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"


LABELS: Mapping[type[StrEnum], Mapping[str, Label]] = {
    MeetingBodyKind: {
        MeetingBodyKind.CONGRESS_SESSION: Label("人民代表大会会议", "congress session"),
        MeetingBodyKind.STANDING_COMMITTEE: Label("常委会会议", "standing committee"),
        MeetingBodyKind.CHAIRPERSONS: Label("主任会议", "chairpersons' meeting"),
        MeetingBodyKind.EXECUTIVE_MEETING: Label("政府常务会议", "executive meeting"),
    },
    DecidesBy: {
        DecidesBy.VOTE: Label("表决", "vote"),
        DecidesBy.CHAIR: Label("主持人决定", "chair"),
    },
    AgendaItemKind: {
        AgendaItemKind.SPECIAL_WORK_REPORT: Label("专项工作报告", "special work report"),
        AgendaItemKind.HANDLING_REPORT: Label("研究处理情况报告", "handling report"),
        AgendaItemKind.RESOLUTION: Label("决议、决定", "resolution"),
        AgendaItemKind.GENERAL: Label("一般议题", "general"),
    },
    MaterialStage: {
        MaterialStage.COLLECTED_OPINIONS: Label("汇总意见", "collected opinions"),
        MaterialStage.DRAFT_FOR_COMMENT: Label("征求意见稿", "draft for comment"),
        MaterialStage.REVISED: Label("修改稿", "revised"),
        MaterialStage.REPORT: Label("报告", "report"),
        MaterialStage.ITEM: Label("议题申报", "item"),
        MaterialStage.MATERIALS: Label("会议材料", "materials"),
        MaterialStage.TO_MEMBERS: Label("送组成人员", "to members"),
    },
    StageBasis: {
        StageBasis.LAW: Label("法定", "law"),
        StageBasis.LOCAL: Label("地方规定", "local practice"),
    },
    CountedIn: {
        CountedIn.CALENDAR_DAYS: Label("日", "calendar days"),
        CountedIn.WORK_DAYS: Label("工作日", "working days"),
    },
    OwedBy: {
        OwedBy.REPORTING_UNIT: Label("报告单位", "reporting unit"),
        OwedBy.OFFICE: Label("办事机构", "office of the meeting body"),
    },
    Outcome: {
        Outcome.ADOPTED: Label("通过", "adopted"),
        Outcome.ADOPTED_IN_PRINCIPLE: Label("原则通过", "adopted in principle"),
        Outcome.REJECTED: Label("不通过", "rejected"),
        Outcome.DEFERRED: Label("缓议", "deferred"),
        Outcome.DELIBERATED: Label("听取和审议", "deliberated"),
    },
    OpinionStep: {
        OpinionStep.DRAFT: Label("整理", "draft"),
        OpinionStep.HAND_OVER: Label("转交", "hand over"),
        OpinionStep.COMMENT_DRAFT: Label("报告送审", "draft for comment"),
        OpinionStep.REPORT: Label("报告", "report"),
    },
    SatisfactionOutcome: {
        SatisfactionOutcome.SATISFIED: Label("满意", "satisfied"),
        SatisfactionOutcome.NOT_SATISFIED: Label("不满意", "not satisfied"),
    },
}


def label_of(word: StrEnum) -> Label:
    """Return what an office reads for *word*, a member of an enumeration above."""
    return LABELS[type(word)][word]
