"""What is refused when a matter is answered and closed."""

from chassis.domain import RefusedError


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


class AlreadyAcceptedError(RefusedError):
    """What was accepted is not sent back."""

    rule = "already_accepted"
    source = "LOC S55 (审核)"
    zh = "这件反馈已经审核通过，不能退回重办。"
    en = "This feedback was accepted: it cannot be sent back any more."


class AlreadySentBackError(RefusedError):
    """What was sent back is done again, and handed in anew."""

    rule = "already_sent_back"
    source = "LOC S55 (退回重办)"
    zh = "这件反馈已退回重办，请等待承办单位重新报送。"
    en = "This feedback was sent back: wait for the unit to hand in another."


class ProgressNotSentBackError(RefusedError):
    """Only a result is sent back; progress is urged."""

    rule = "progress_not_sent_back"
    source = "LOC S55 (退回重办)"
    zh = "节点反馈不作退回；需要补充的，请催办或电话告知承办单位。"
    en = "Progress is not sent back: urge the unit if something is missing."


class SeenBeforeSubmittedError(RefusedError):
    """Nobody sees a result before it was submitted, or tomorrow."""

    rule = "seen_before_submitted"
    source = "本系统 (代录)"
    zh = "阅知时间{seen_at}应在结果报送（{submitted_at}）之后、代录之前，请核对。"
    en = (
        "It cannot have been seen at {seen_at}: the result was submitted at {submitted_at}, "
        "and nothing is recorded before it happened."
    )


class ClosedByVoteError(RefusedError):
    """What came from a deliberation opinion is closed by the satisfaction vote."""

    rule = "closed_by_vote"
    source = "P-SAT (地方实践：满意度测评)"
    zh = "审议意见事项由满意度测评销号，不能直接销号。"
    en = "What came from a deliberation opinion is closed by the satisfaction vote alone."
