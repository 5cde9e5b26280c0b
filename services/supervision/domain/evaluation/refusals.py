"""What is refused of scores, and what to do instead."""

from chassis.domain import RefusedError


class ScoreAlreadyPublishedError(RefusedError):
    """A period is scored once by each rule: what was published stands."""

    rule = "score_already_published"
    source = "本系统（得分一经公布不再变动）"
    zh = "{first}至{last}已按{score_rule}公布得分，不再变动；如需比较，请按另一规则计分。"
    en = (
        "{first} to {last} is published by {score_rule} and stands: "
        "to compare, score it by another rule."
    )


class PeriodReversedError(RefusedError):
    """A period ends before it begins."""

    rule = "period_in_order"
    zh = "计分期间的截止日{last}早于起始日{first}，请核对。"
    en = "The period ends on {last}, before it begins on {first}: check the days."


class PeriodNotOverError(RefusedError):
    """What has not happened yet cannot be scored for good."""

    rule = "period_is_over"
    zh = "计分期间至{last}，尚未结束，不能公布；可先预览。"
    en = "The period ends on {last} and is not over: preview it until then."


class RuleNotInForceError(RefusedError):
    """A rule that is not in force publishes nothing."""

    rule = "score_rule_in_force"
    zh = "计分规则{score_rule}自{effective_from}起施行，不能用于公布这一期间的得分；可先预览。"
    en = (
        "{score_rule} is in force from {effective_from} and cannot publish this period: "
        "preview it instead."
    )


class UnknownRuleError(RefusedError):
    """No rule of this id is loaded."""

    rule = "score_rule_known"
    zh = "没有计分规则{score_rule}；现有：{known}。"
    en = "There is no rule {score_rule}; known are: {known}."


class TooManyFactsError(RefusedError):
    """More happened in the period than one score can show."""

    rule = "period_of_bounded_size"
    zh = "该期间的台账超过{most}条，请缩短计分期间。"
    en = "The ledger has more than {most} entries in this period: take a shorter one."
