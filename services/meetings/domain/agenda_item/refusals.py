"""What is refused on an agenda item and its materials, and what to do instead."""

from chassis.domain import RefusedError

LAW_15 = "监督法 第十五条"


class AlreadySubmittedError(RefusedError):
    """An item is submitted once."""

    rule = "item_already_submitted"
    source = "本系统"
    zh = "这个议题已经提交，不能重复提交。"
    en = "This item is submitted already."


class ReviewingCommitteeMissingError(RefusedError):
    """The draft of a special work report goes to a committee first."""

    rule = "reviewing_committee_named"
    source = LAW_15
    zh = "专项工作报告须先征求意见，请写明负责的专门委员会或者工作机构。"
    en = "A special work report goes to a committee for comment first: name the committee."


class StageNotOptionalError(RefusedError):
    """An item leaves out only what its policy lets it."""

    rule = "stage_not_optional"
    source = LAW_15
    zh = "“{stage_zh}”环节不能省略。"
    en = "The stage {stage} cannot be left out."


class AlreadyJudgedError(RefusedError):
    """An item is accepted or refused once."""

    rule = "item_already_judged"
    source = "本系统"
    zh = "议题“{title}”已经作出是否列入的决定，不能再改。"
    en = "Whether the item {title} goes on an agenda is decided already."


class NotAcceptedError(RefusedError):
    """Only what was accepted goes before a meeting."""

    rule = "item_not_accepted"
    source = "本系统（先接收、后上会）"
    zh = "议题“{title}”尚未接收，不能安排上会。"
    en = "The item {title} was not accepted: it cannot be scheduled."


class AlreadyScheduledError(RefusedError):
    """It is on a meeting; only a deferred item goes on another."""

    rule = "item_already_scheduled"
    source = "本系统"
    zh = "议题“{title}”已安排上会；只有缓议的议题可以另行安排。"
    en = "The item {title} is on a meeting: only a deferred item goes on another."


class NotOnThisMeetingError(RefusedError):
    """A meeting decides what is scheduled onto it."""

    rule = "item_not_on_this_meeting"
    source = "本系统"
    zh = "议题“{title}”没有安排在这次会议上。"
    en = "The item {title} is not scheduled onto this meeting."


class NoSuchStageError(RefusedError):
    """The item has no such stage, or is not scheduled yet."""

    rule = "no_such_stage"
    source = "P-MAT-NPC、P-MAT-GOV"
    zh = "议题“{title}”没有“{stage_zh}”环节；请先安排上会，或核对环节。"
    en = "The item {title} has no stage {stage}: schedule it first, or check the stage."


class ItemDecidedError(RefusedError):
    """Its meeting has decided: nothing more is asked for."""

    rule = "item_decided"
    source = "本系统"
    zh = "会议对议题“{title}”已有结果，材料环节已经结束。"
    en = "The meeting has decided on the item {title}: its materials are closed."


class AlreadyDeliveredError(RefusedError):
    """A stage is delivered once."""

    rule = "material_already_delivered"
    source = "本系统"
    zh = "“{stage_zh}”已经送达，不能重复登记。"
    en = "The stage {stage} is in already."


class NotDeliveredError(RefusedError):
    """What is not in can be neither accepted nor reviewed."""

    rule = "material_not_delivered"
    source = "本系统"
    zh = "“{stage_zh}”尚未送达。"
    en = "The stage {stage} is not in yet."


class NotLateError(RefusedError):
    """Only what came late needs to be accepted."""

    rule = "material_not_late"
    source = LAW_15
    zh = "“{stage_zh}”按期送达，或逾期收件已经同意，无须办理。"
    en = "The stage {stage} came in time, or was accepted: there is nothing to accept."


class LateNotAcceptedError(RefusedError):
    """What the law wanted earlier is taken up once a leader accepted it."""

    rule = "late_material_not_accepted"
    source = LAW_15
    zh = "“{stage_zh}”逾期送达，须先经领导同意收件。"
    en = "The stage {stage} came late: a leader accepts it first."


class NobodyReviewsError(RefusedError):
    """The item names no reviewing committee."""

    rule = "nobody_reviews"
    source = LAW_15
    zh = "议题“{title}”没有负责审阅的委员会。"
    en = "The item {title} has no reviewing committee."


class AlreadyReviewedError(RefusedError):
    """A stage is reviewed once."""

    rule = "material_already_reviewed"
    source = "本系统"
    zh = "“{stage_zh}”已经审阅。"
    en = "The stage {stage} was reviewed."


class LawStageNotWaivedError(RefusedError):
    """What the law demands can come late, but not be left out."""

    rule = "law_stage_never_waived"
    source = LAW_15
    zh = "“{stage_zh}”是法定环节，可以同意逾期收件，不能免除。"
    en = "The law demands the stage {stage}: it can be accepted late, never waived."


class LawStageMissingError(RefusedError):
    """What the law demands is in before a meeting takes the item up; until then it is deferred."""

    rule = "law_stage_before_outcome"
    source = LAW_15
    zh = "议题“{title}”的法定环节“{stage_zh}”尚未送达，不能审议；可登记为缓议。"
    en = "The law demands the stage {stage} of {title}, which is not in: it can only be deferred."


class DeferredByThisMeetingError(RefusedError):
    """What a meeting deferred, another takes up."""

    rule = "deferred_by_this_meeting"
    source = "本系统"
    zh = "议题“{title}”就是由这次会议缓议的，请安排到另一次会议。"
    en = "This very meeting deferred the item {title}: put it on another."


class NotHeardHereError(RefusedError):
    """Special work reports are heard by a standing committee, whose opinion follows."""

    rule = "special_work_report_heard_by_standing_committee"
    source = LAW_15
    zh = "专项工作报告由常委会会议听取和审议，不能提交{meeting_body}。"
    en = "A special work report is heard by a standing committee, not by {meeting_body}."
