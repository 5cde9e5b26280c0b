"""What is refused before any meeting, item or opinion is asked."""

from chassis.domain import RefusedError


class UnknownMeetingBodyError(RefusedError):
    """No policy of this deployment knows such a meeting body of the caller's organ."""

    rule = "unknown_meeting_body"
    source = "P-MEETING-BODY"
    zh = "本机关没有会议体“{meeting_body}”，请核对代码。"
    en = "Your organ has no meeting body {meeting_body}: check the code."


class UnitOfAnotherOrganError(RefusedError):
    """Who reports, who reviews and whose office it is belong to the organ that it says."""

    rule = "unit_of_its_organ"
    source = "本系统"
    zh = "“{unit}”不是机关“{organ}”的单位，请核对。"
    en = "{unit} is no unit of the organ {organ}: check who reports, who reviews, whose office."


class UnknownMatterError(RefusedError):
    """An item names a supervised matter that supervision has not told us of."""

    rule = "unknown_matter"
    source = "本系统（议题须能追溯来源）"
    zh = "没有编号为{number}的督办事项，请核对督办编号。"
    en = "No supervised matter has the number {number}: check the number."
