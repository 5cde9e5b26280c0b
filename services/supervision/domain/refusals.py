"""What is refused on a supervised matter, and what to do instead."""

from chassis.domain import RefusedError


class AlreadyOpenedError(RefusedError):
    """One matter, one source: it was opened from another instruction."""

    rule = "already_opened"
    source = "LOC S41, S55 (一事一单)"
    zh = "这个事项已由另一件批示立项；一事一单，请为新的批示另行立项。"
    en = "It was opened from another instruction: open a matter of its own for the new one."


class AlreadyAssignedError(RefusedError):
    """It is assigned once; its units and its number stand."""

    rule = "already_assigned"
    source = "LOC S41, S55 (一事一单)"
    zh = "这个事项已交办{lead}主办，不能再次交办；请先核对交办单。"
    en = "It is already assigned, led by {lead}: look at its sheet."


class UnitTwiceError(RefusedError):
    """A unit leads or co-handles, and does so once."""

    rule = "unit_twice"
    source = "LOC S45, S55 (主办、协办)"
    zh = "{unit}出现了两次：一个单位只能主办或协办一次，请去掉重复的单位。"
    en = "{unit} is named twice: let it lead or co-handle, once."


class NotAssignedToUnitError(RefusedError):
    """The unit neither leads nor co-handles the matter."""

    rule = "not_assigned_to_unit"
    source = "LOC S43 (交办后签收)"
    zh = "这个事项没有交办{unit}；请核对单位，或请督查机构说明承办单位。"
    en = "It is not assigned to {unit}: check the unit, or ask the supervision section."


class NotReceivedError(RefusedError):
    """A unit receives the matter before it works on it."""

    rule = "not_received"
    source = "LOC S43 (签收后办理)"
    zh = "{unit}尚未签收这个事项，请先签收。"
    en = "{unit} has not received it: receive it first."


class NothingToUrgeError(RefusedError):
    """It is completed: nobody owes anything that could be urged."""

    rule = "nothing_to_urge"
    source = "LOC S51 (催办)"
    zh = "这个事项已经办结，无须催办；请办理销号。"
    en = "It is completed, there is nothing to urge: close it."


class NoSheetPreparedError(RefusedError):
    """An urging sheet is issued once, after it was prepared."""

    rule = "no_sheet_prepared"
    source = "LOC S51 (交办单、催办单、督办通知)"
    zh = "没有待发的催办单：到期后由系统备好一张，发出后不再重发；现在可以电话催办。"
    en = (
        "No urging sheet waits to be issued: one is prepared after the due date, "
        "and issued once. Urge by telephone instead."
    )


class UnknownSheetError(RefusedError):
    """No sheet of this number was issued in this matter."""

    rule = "unknown_sheet"
    source = "LOC S51 (催办单)"
    zh = "这个事项没有发过{sheet_no}催办单，请核对编号。"
    en = "No urging sheet {sheet_no} was issued in this matter: check its number."


class SheetToAnotherUnitError(RefusedError):
    """A sheet is received by the unit that it urges."""

    rule = "sheet_to_another_unit"
    source = "LOC S51 (催办单)"
    zh = "{sheet_no}催办单发给{unit}，请由该单位签收。"
    en = "Urging sheet {sheet_no} went to {unit}: that unit receives it."


class LeadReportsError(RefusedError):
    """The lead unit replies, after consulting the co-handling units."""

    rule = "lead_reports"
    source = "LOC S45, S55 (主办综合协办意见后回复)"
    zh = "结果由主办单位{lead}反馈；协办单位请将情况报主办单位，或提交节点反馈。"
    en = "{lead} leads and reports the result: report to it, or give progress feedback."


class NotTheUnitHeadError(RefusedError):
    """The result is signed by the head of the unit."""

    rule = "not_the_unit_head"
    source = "LOC S45, S55 (单位负责人签字)"
    zh = "结果反馈须由{unit}负责人签字，{signed_by}不是该单位负责人；请负责人签字后再提交。"
    en = (
        "The head of {unit} signs its result, which {signed_by} is not: have the head sign."
    )


class EvidenceDigestError(RefusedError):
    """A digest of evidence is no SHA-256 in lower-case hexadecimal."""

    rule = "evidence_digest"
    zh = "佐证材料的校验值应为64位小写十六进制的SHA-256，请重新上传材料。"
    en = "The evidence's digest is not 64 lower-case hexadecimal digits: upload it again."


class EvidenceUnnamedError(RefusedError):
    """Evidence has no name to be found by."""

    rule = "evidence_unnamed"
    zh = "佐证材料没有名称，请写明材料名称。"
    en = "The evidence has no name: give it one."


class FeedbackWaitingError(RefusedError):
    """A final feedback already waits to be accepted."""

    rule = "feedback_waiting"
    source = "LOC S55 (审核)"
    zh = "已有一件结果反馈待审核，请等待督查机构的审核意见。"
    en = "A final feedback already waits for review: wait for its outcome."


class UnknownFeedbackError(RefusedError):
    """No such feedback was given in this matter."""

    rule = "unknown_feedback"
    zh = "这个事项没有这件反馈，请核对编号。"
    en = "No such feedback was given in this matter: check its id."


class AlreadyCompletedError(RefusedError):
    """The result is accepted; what is new needs a matter of its own."""

    rule = "already_completed"
    source = "LOC S55 (新的批示即新的交办)"
    zh = "这个事项已经办结，不再接收反馈；如有新的批示，请另行立项。"
    en = "It is completed and takes no feedback: a new instruction opens a new matter."


class NotCompletedError(RefusedError):
    """Only what is completed is closed."""

    rule = "not_completed"
    source = "LOC S55 (审核后销号)"
    zh = "这个事项尚未办结，不能销号；请先审核通过结果反馈。"
    en = "It is not completed: accept its final feedback before closing it."


class ResultNotSeenError(RefusedError):
    """The leader who asked has not seen the result."""

    rule = "result_not_seen"
    source = "LOC S55 (结果送作出批示的领导)"
    zh = "批示领导{asked_by}尚未阅知结果，不能销号；请先呈送结果。"
    en = "{asked_by}, who asked, has not seen the result: submit it before closing."


class AlreadyClosedError(RefusedError):
    """It is closed; what is new needs a matter of its own."""

    rule = "already_closed"
    source = "LOC S55 (无新的批示即销号)"
    zh = "这个事项已经销号，不能再变动；如有新的批示，请另行立项。"
    en = "It is closed and stays as it is: a new instruction opens a new matter."
