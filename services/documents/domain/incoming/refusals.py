"""Why an act on an incoming document is refused, and what to do about it."""

from typing import ClassVar

from chassis.domain import RefusedError
from services.documents.domain.refusals import REGULATION

_ART_24 = f"{REGULATION}第二十四条"


class AlreadyReceivedError(RefusedError):
    """An item is received once."""

    rule: ClassVar[str] = "already_received"
    zh: ClassVar[str] = "该件已经签收，请在原件上继续办理。"
    en: ClassVar[str] = "The item was received already: go on with the one there is."


class DueBeforeReceiptError(RefusedError):
    """Nobody can owe an answer before having the question."""

    rule: ClassVar[str] = "due_after_receipt"
    zh: ClassVar[str] = "来文要求的答复时限早于签收时间，请核对两个时间。"
    en: ClassVar[str] = "The sender's due time lies before the receipt: check both times."


class CalendarMissingError(RefusedError):
    """A due date without a working calendar has no near-due day."""

    rule: ClassVar[str] = "calendar_covers_due"
    zh: ClassVar[str] = "工作日历不含答复时限{day}，请核对日期，或先载入该年放假通知。"
    en: ClassVar[str] = (
        "No working calendar covers the due day {day}: check the date, "
        "or load that year's holiday notice first."
    )


class NotALeaderError(RefusedError):
    """Only a leader instructs."""

    rule: ClassVar[str] = "instructed_by_leader"
    source: ClassVar[str] = _ART_24
    zh: ClassVar[str] = "{given_by}不是机关负责人，不能批示，请填写实际作出批示的领导。"
    en: ClassVar[str] = (
        "{given_by} leads nothing and cannot instruct: name the leader who did."
    )


class NobodyToActError(RefusedError):
    """What is to be done needs somebody to do it."""

    rule: ClassVar[str] = "action_has_an_owner"
    source: ClassVar[str] = _ART_24
    zh: ClassVar[str] = "办理类批示须明确主办单位或承办人，请补填其一。"
    en: ClassVar[str] = (
        "An instruction to act names who acts: give a lead unit or an addressee."
    )


class ReferredToNobodyError(RefusedError):
    """Referring up needs another leader to refer to."""

    rule: ClassVar[str] = "referred_to_another"
    source: ClassVar[str] = _ART_24
    zh: ClassVar[str] = "报请阅示须填写另一位领导，不能为空，也不能是批示人本人。"
    en: ClassVar[str] = "Referring up needs an addressee who is not the giver: name one."


class RecordedBeforeGivenError(RefusedError):
    """A record follows what it records."""

    rule: ClassVar[str] = "recorded_after_given"
    zh: ClassVar[str] = "代录时间早于批示时间，请核对批示时间。"
    en: ClassVar[str] = "The record lies before the instruction: check when it was given."


class LeadIsCoUnitError(RefusedError):
    """One unit has one part: lead or co-handling."""

    rule: ClassVar[str] = "lead_is_no_co_unit"
    source: ClassVar[str] = _ART_24
    zh: ClassVar[str] = "{lead}已是主办单位，请从协办单位中去掉。"
    en: ClassVar[str] = "{lead} is the lead already: take it off the co-handling units."


class TermOutOfRangeError(RefusedError):
    """A term is at least a working day and no longer than about a year."""

    rule: ClassVar[str] = "term_in_range"
    zh: ClassVar[str] = "办理期限须为1至{longest}个工作日，现为{days}个，请改正。"
    en: ClassVar[str] = (
        "A term is 1 to {longest} working days, not {days}: give another, or none."
    )


class HandlingOverError(RefusedError):
    """After the disposition nothing new is supervised on it."""

    rule: ClassVar[str] = "handling_over"
    source: ClassVar[str] = _ART_24
    zh: ClassVar[str] = "该件已办毕处置，不能再据此交办督办，请另行立项。"
    en: ClassVar[str] = "Its handling is over: open a matter by hand instead."


class NoAnswerOwedError(RefusedError):
    """What came for information is read, not answered."""

    rule: ClassVar[str] = "for_information_owes_no_answer"
    source: ClassVar[str] = _ART_24
    zh: ClassVar[str] = "阅知件无需答复；确需去文的，请另行拟稿，不作为本件的答复。"
    en: ClassVar[str] = (
        "A document for information owes no answer: write a document of its own."
    )


class AlreadyAnsweredError(RefusedError):
    """An item has one answer."""

    rule: ClassVar[str] = "already_answered"
    source: ClassVar[str] = _ART_24
    zh: ClassVar[str] = "该件已经答复；如有补充，请另行去文。"
    en: ClassVar[str] = "It was answered already: send what is to be added on its own."


class AnswerOwedError(RefusedError):
    """While the sender waits, the handling is not over."""

    rule: ClassVar[str] = "answered_before_disposition"
    source: ClassVar[str] = _ART_24
    zh: ClassVar[str] = "来文单位要求答复，请先答复，再作办毕处置。"
    en: ClassVar[str] = "The sender waits for an answer: answer first, then dispose of it."


class AlreadyDisposedError(RefusedError):
    """Handling ends once."""

    rule: ClassVar[str] = "already_disposed"
    zh: ClassVar[str] = "该件已办毕处置，无需再次登记。"
    en: ClassVar[str] = "Its disposition is on record: there is nothing left to record."


class RetentionMissingError(RefusedError):
    """What is filed is kept for a period."""

    rule: ClassVar[str] = "filing_has_a_retention"
    source: ClassVar[str] = "国家档案局令第8号"
    zh: ClassVar[str] = "归档须确定保管期限，请选择永久、30年或10年。"
    en: ClassVar[str] = "Filing needs a retention: choose permanent, 30 or 10 years."


class RetentionWithoutFilingError(RefusedError):
    """Only what is filed has a retention period."""

    rule: ClassVar[str] = "retention_is_for_filing"
    source: ClassVar[str] = "国家档案局令第8号"
    zh: ClassVar[str] = "只有归档才有保管期限，请去掉保管期限，或改为归档。"
    en: ClassVar[str] = "Only filing has a retention: leave it out, or file the document."
