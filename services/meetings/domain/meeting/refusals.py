"""What is refused on a meeting, and what to do instead."""

from chassis.domain import RefusedError

LAW_51 = "地方组织法 第五十一条"


class AlreadyPlannedError(RefusedError):
    """A meeting body's meeting is planned once under its ordinal."""

    rule = "meeting_already_planned"
    source = "本系统（会议按次数编号）"
    zh = "{name}已经排定，不能重复排定；需要改日期请办理改期。"
    en = "{name} is already planned: reschedule it to change the day."


class DayPassedError(RefusedError):
    """A meeting is planned for a day to come."""

    rule = "meeting_day_to_come"
    source = "本系统"
    zh = "{day}已经过去，请核对会议日期。"
    en = "{day} has passed: check the day of the meeting."


class SameDayError(RefusedError):
    """Rescheduling names another day."""

    rule = "meeting_other_day"
    source = "本系统"
    zh = "会议原定就是{day}，无须改期。"
    en = "The meeting is on {day} already: there is nothing to reschedule."


class MeetingOverError(RefusedError):
    """It was held: its day, its notice and its agenda stand."""

    rule = "meeting_over"
    source = "本系统"
    zh = "{name}已经召开，日期、通知和议程不能再改。"
    en = "{name} was held: its day, notice and agenda stand."


class OtherMeetingBodyError(RefusedError):
    """An item goes before the meeting body that accepted it."""

    rule = "item_of_other_meeting_body"
    source = "本系统"
    zh = "议题“{title}”不是提交给这个会议体的，请核对会议。"
    en = "The item {title} was not submitted to this meeting body: check the meeting."


class AlreadyNoticedError(RefusedError):
    """Notice is sent once for a day."""

    rule = "already_noticed"
    source = "本系统"
    zh = "{name}的通知已经发出；改期后才需要重新通知。"
    en = "Notice of {name} was sent: only another day needs another notice."


class NotNoticedError(RefusedError):
    """Receipts follow a notice."""

    rule = "not_noticed"
    source = "本系统"
    zh = "{name}的通知尚未发出，没有回执可登记。"
    en = "Notice of {name} was not sent: there is nothing to confirm."


class MoreReceiptsThanMembersError(RefusedError):
    """Each member confirms once."""

    rule = "more_receipts_than_members"
    source = "本系统"
    zh = "回执合计{total}份，超过组成人员{members}人，请核对。"
    en = "{total} receipts are more than {members} members: check the count."


class NotItsDayError(RefusedError):
    """A meeting is held on its day."""

    rule = "held_on_its_day"
    source = "本系统"
    zh = "{name}定于{day}召开；日期有变请先办理改期。"
    en = "{name} is planned for {day}: reschedule it first."


class AttendanceSumError(RefusedError):
    """Present, on leave and absent make up the members."""

    rule = "attendance_sums_to_members"
    source = "本系统"
    zh = "出席、请假、缺席合计{counted}人，与组成人员{members}人不符，请核对。"
    en = "Present, on leave and absent make {counted}, the members are {members}: check the count."


class NoQuorumError(RefusedError):
    """More than half of all members are present, or there is no meeting."""

    rule = "quorum"
    source = LAW_51
    zh = "出席{present}人，不足法定人数{quorum}人，会议不能举行。"
    en = "{present} are present, {quorum} are needed: the meeting cannot be held."


class NotHeldError(RefusedError):
    """What a meeting decides, it decides in session."""

    rule = "meeting_not_held"
    source = "本系统"
    zh = "{name}尚未召开，请先登记出席情况。"
    en = "{name} was not held yet: record the attendance first."


class AlreadyClosedError(RefusedError):
    """It is closed: its outcomes stand."""

    rule = "meeting_already_closed"
    source = "本系统"
    zh = "{name}已经闭会，结果不能再改。"
    en = "{name} is closed: its outcomes stand."


class NotOnAgendaError(RefusedError):
    """A meeting decides on what is on its agenda."""

    rule = "not_on_agenda"
    source = "本系统"
    zh = "{name}的议程上没有这个议题，请核对。"
    en = "This item is not on the agenda of {name}: check it."


class AlreadyDecidedError(RefusedError):
    """An item has one outcome at a meeting."""

    rule = "already_decided"
    source = "本系统"
    zh = "议题“{title}”在本次会议上已有结果，不能再登记。"
    en = "The item {title} has its outcome at this meeting."


class MoreVotesThanPresentError(RefusedError):
    """Each member present votes once."""

    rule = "more_votes_than_present"
    source = "本系统"
    zh = "赞成、反对、弃权合计{votes}票，超过出席{present}人，请核对。"
    en = "{votes} votes are more than {present} present: check the count."


class NoVoteHereError(RefusedError):
    """Some outcomes are not voted on."""

    rule = "no_vote_here"
    source = "监督法 第十七条；重大行政决策程序暂行条例 第三十条"
    zh = "这个结果不经表决，请不要登记票数。"
    en = "This outcome is not voted on: record no votes."


class MajorityMissingError(RefusedError):
    """More than half of ALL members adopt, not of those present."""

    rule = "majority_of_all_members"
    source = LAW_51
    zh = "赞成{votes_for}票，不足全体组成人员的过半数{majority}票，不能登记为通过。"
    en = "{votes_for} votes for, {majority} are needed, more than half of all members: it is not adopted."


class MajorityReachedError(RefusedError):
    """What has its majority is not rejected."""

    rule = "majority_reached"
    source = LAW_51
    zh = "赞成{votes_for}票，已过全体组成人员的半数，不能登记为不通过。"
    en = "{votes_for} votes for are more than half of all members: it is not rejected."


class ItemWithoutOutcomeError(RefusedError):
    """A meeting closes when each of its items has an outcome."""

    rule = "item_without_outcome"
    source = "本系统（件件有结果）"
    zh = "议题“{title}”还没有结果，不能闭会；请先登记结果。"
    en = "The item {title} has no outcome: record it before you close the meeting."
