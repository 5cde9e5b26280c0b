"""What is refused when a unit is urged."""

from chassis.domain import RefusedError


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


class NoNoticePreparedError(RefusedError):
    """A supervision notice is issued once, after the ladder prepared it."""

    rule = "no_notice_prepared"
    source = "LOC S41, S51 (督办通知单)"
    zh = "没有待发的督办通知单：逾期达到升级时限后由系统备好，发出后不再重发。"
    en = (
        "No supervision notice waits to be issued: one is prepared when its rung of the "
        "ladder is reached, and issued once."
    )


class NoticeToUnitHeadError(RefusedError):
    """A supervision notice goes to the head of the unit that leads."""

    rule = "notice_to_unit_head"
    source = "本系统 (督办通知单发单位主要负责人)"
    zh = "督办通知单发{unit}主要负责人，{person}不是该单位负责人，请改正收件人。"
    en = "A supervision notice goes to the head of {unit}, which {person} is not."


class NoticeInPersonError(RefusedError):
    """Whom it was issued to receives it, in person."""

    rule = "notice_in_person"
    source = "本系统 (督办通知单由主要负责人本人签收)"
    zh = "{sheet_no}督办通知单须由{unit_head}本人签收，不能代签。"
    en = "{sheet_no} is received by {unit_head} in person, by nobody else."


class UnknownNoticeError(RefusedError):
    """No notice of this number was issued in this matter."""

    rule = "unknown_notice"
    source = "LOC S51 (督办通知单)"
    zh = "这个事项没有发过{sheet_no}督办通知单，请核对编号。"
    en = "No supervision notice {sheet_no} was issued in this matter: check its number."
