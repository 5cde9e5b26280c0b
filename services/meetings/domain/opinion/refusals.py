"""What is refused on a deliberation opinion, and what to do instead."""

from chassis.domain import RefusedError

LAW_17 = "监督法 第十七条"


class OpinionAlreadyDraftedError(RefusedError):
    """It is compiled once."""

    rule = "opinion_already_drafted"
    source = "本系统"
    zh = "审议意见已经整理提交。"
    en = "The opinion was compiled already."


class NotDraftedError(RefusedError):
    """What is passed was compiled first."""

    rule = "opinion_not_drafted"
    source = "P-OPN"
    zh = "审议意见尚未整理提交，不能提请通过。"
    en = "The opinion was not compiled yet: it cannot be passed."


class NotTheChairpersonsError(RefusedError):
    """The chairpersons' meeting of the same organ passes it; nobody else does."""

    rule = "opinion_passed_by_chairpersons"
    source = "P-OPN；地方组织法 第五十四条"
    zh = "审议意见由本级主任会议通过，{meeting_body}不能通过。"
    en = "The chairpersons' meeting of the organ passes it, {meeting_body} does not."


class OpinionAlreadyPassedError(RefusedError):
    """It is passed once."""

    rule = "opinion_already_passed"
    source = "本系统"
    zh = "审议意见已经{meeting}通过。"
    en = "The opinion was passed by {meeting}."


class NotPassedError(RefusedError):
    """What is handed over was passed first."""

    rule = "opinion_not_passed"
    source = LAW_17
    zh = "审议意见尚未经主任会议通过，不能转交。"
    en = "The chairpersons' meeting has not passed it: it cannot be handed over."


class AlreadyHandedOverError(RefusedError):
    """It is handed over once, under one number."""

    rule = "opinion_already_handed_over"
    source = LAW_17
    zh = "审议意见已以{number}转交。"
    en = "The opinion was handed over as {number}."


class NotHandedOverError(RefusedError):
    """An organ deals with what it was given."""

    rule = "opinion_not_handed_over"
    source = LAW_17
    zh = "审议意见尚未转交，不能报告研究处理情况。"
    en = "The opinion was not handed over: nothing can be reported on it."


class OpinionDoneError(RefusedError):
    """The members are satisfied: it is done with."""

    rule = "opinion_done"
    source = "P-SAT"
    zh = "审议意见{number}已经测评满意，不再办理。"
    en = "The members were satisfied with {number}: it is done with."


class ReportAlreadyDraftedError(RefusedError):
    """The draft goes to the committee once a round."""

    rule = "report_already_drafted"
    source = LAW_17
    zh = "{number}的研究处理情况报告已经送审。"
    en = "The draft of the report on {number} is at the committee already."


class ReportNotDraftedError(RefusedError):
    """The committee sees the report before the standing committee does."""

    rule = "report_sent_for_comment_first"
    source = LAW_17
    zh = "研究处理情况报告须先送{committee}征求意见。"
    en = "The report goes to {committee} for comment first."


class ReportAlreadyDeliveredError(RefusedError):
    """The report is delivered once a round."""

    rule = "report_already_delivered"
    source = LAW_17
    zh = "{number}的研究处理情况报告已经送达。"
    en = "The report on {number} is in already."


class ReportNotDeliveredError(RefusedError):
    """The members judge what was reported."""

    rule = "report_not_delivered"
    source = "P-SAT"
    zh = "{number}的研究处理情况报告尚未送达，不能测评。"
    en = "The report on {number} is not in: there is nothing to judge."


class VoteOutsideMeetingError(RefusedError):
    """A satisfaction vote is taken at a meeting of the organ that was held."""

    rule = "vote_at_a_meeting"
    source = "P-SAT"
    zh = "满意度测评须在已召开的本机关会议上进行，请先登记出席情况。"
    en = "The vote is taken at a meeting of the organ that was held: record its attendance first."


class VoteOfAnotherMeetingBodyError(RefusedError):
    """The meeting body that deliberated judges what came of it, no other."""

    rule = "vote_by_the_deliberating_body"
    source = "P-SAT"
    zh = "满意度测评由审议该项报告的会议体进行，请核对会议。"
    en = "The meeting body that deliberated judges what came of it: check the meeting."


class AlreadyJudgedHereError(RefusedError):
    """A meeting judges a report once; a new report is judged at another meeting."""

    rule = "already_judged_at_this_meeting"
    source = "P-SAT"
    zh = "这次会议已对{number}进行过满意度测评，再次报告须在另一次会议上测评。"
    en = "This meeting has voted on {number}: a new report is judged at another."


class MeetingBeforeReportError(RefusedError):
    """Nobody judges a report that is still to come."""

    rule = "vote_after_the_report"
    source = "P-SAT"
    zh = "{number}的研究处理情况报告{reported_on}才送达，{day}召开的会议不能测评。"
    en = "The report on {number} came on {reported_on}: a meeting of {day} cannot judge it."


class MoreJudgesThanPresentError(RefusedError):
    """Each member present votes once."""

    rule = "more_judges_than_present"
    source = "本系统"
    zh = "满意、基本满意、不满意合计{votes}票，超过出席{present}人，请核对。"
    en = "{votes} votes are more than {present} present: check the count."


class NewDayMissingError(RefusedError):
    """What did not satisfy is dealt with again by a day."""

    rule = "new_day_named"
    source = "P-SAT"
    zh = "满意{satisfied}票，未过半数{majority}票：请确定再次报告的日期。"
    en = "{satisfied} satisfied, {majority} are needed: name the day of the next report."


class NewDayPassedError(RefusedError):
    """The day of the next report lies ahead."""

    rule = "new_day_to_come"
    source = "P-SAT"
    zh = "再次报告的日期{day}须晚于测评之日。"
    en = "The day of the next report, {day}, lies after the vote."


class NewDayTooSoonError(RefusedError):
    """The draft of the next report goes to the committee first, some days before it is due."""

    rule = "new_day_leaves_time_for_comment"
    source = LAW_17
    zh = "再次报告须提前{days}日送工作机构征求意见，{day}来不及，请另定日期。"
    en = "The next report goes to the committee {days} days before it is due: {day} is too soon."


class NoNewDayWantedError(RefusedError):
    """What satisfied is not dealt with again."""

    rule = "no_new_day_wanted"
    source = "P-SAT"
    zh = "满意票已过半数，不需要再次报告的日期。"
    en = "More than half were satisfied: no further report is due."
