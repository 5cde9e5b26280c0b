"""What is refused when a matter is opened or divided."""

from chassis.domain import RefusedError


class AlreadyOpenedError(RefusedError):
    """One matter, one source: it was opened from another instruction."""

    rule = "already_opened"
    source = "LOC S41, S55 (一事一单)"
    zh = "这个事项已由另一件批示立项；一事一单，请为新的批示另行立项。"
    en = "It was opened from another instruction: open a matter of its own for the new one."


class AskedInTheFutureError(RefusedError):
    """An order is recorded after it was given."""

    rule = "asked_before_it_is_opened"
    source = "本系统 (交办时间)"
    zh = "交办时间{asked_at}晚于现在，请核对。"
    en = "It would have been asked for at {asked_at}, which is still to come: check the time."


class DueInThePastError(RefusedError):
    """What is due already can no longer be asked for."""

    rule = "due_in_the_past"
    source = "LOC S51 (交办单写明时限)"
    zh = "办理期限{due}已过，请另定期限。"
    en = "It would have been due at {due} already: set a later date."


class RhythmUnclearError(RefusedError):
    """Progress is fed back on a day of the month, or on its first working day: one of them."""

    rule = "rhythm_unclear"
    source = "本系统 (节点反馈)"
    zh = "节点反馈的时间请定为每月某日（1至31日），或每月第一个工作日，二者择一。"
    en = "Progress is due on a day of the month (1 to 31) or on its first working day."


class ChildAfterParentError(RefusedError):
    """No child is due after its parent."""

    rule = "no_child_due_after_its_parent"
    source = "本系统 (任务分解)"
    zh = "子事项期限{due}晚于上级事项期限{parent_due}；请将期限定在{limit}或之前。"
    en = "It would be due at {due}, after its parent at {parent_due}: set {limit} or earlier."


class ChildAfterCommentStepError(RefusedError):
    """A child is in before the draft of the report goes to the committee for comment."""

    rule = "no_child_due_after_the_comment_step"
    source = "监督法 第十七条（研究处理情况由办事机构送有关委员会征求意见）"
    zh = (
        "子事项期限{due}晚于研究处理情况报告送工作机构征求意见的期限{limit}；"
        "请将期限定在{limit}或之前。"
    )
    en = (
        "It would be due at {due}, after the draft of the handling report goes to the "
        "committee for comment at {limit}: set {limit} or earlier."
    )


class ParentOfAnotherOrganError(RefusedError):
    """An organ divides its own matters, and those that are addressed to it."""

    rule = "parent_of_another_organ"
    source = "本系统 (任务分解)"
    zh = "上级事项既不是本机关的，也不是交本机关办理的，不能在其下立子事项。"
    en = (
        "The parent is neither your organ's nor addressed to it: open one without a parent."
    )


class ParentAnsweredError(RefusedError):
    """What has its result is not divided any more."""

    rule = "parent_answered"
    source = "本系统 (任务分解)"
    zh = "上级事项已报结果，不能再立子事项；请单独立项。"
    en = "The parent has its result already: open a matter without a parent."
