"""What is refused when a matter is assigned and received."""

from chassis.domain import RefusedError


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


class AlreadyClosedError(RefusedError):
    """It is closed; what is new needs a matter of its own."""

    rule = "already_closed"
    source = "LOC S55 (无新的批示即销号)"
    zh = "这个事项已经销号，不能再变动；如有新的批示，请另行立项。"
    en = "It is closed and stays as it is: a new instruction opens a new matter."


class AddressedToOrganError(RefusedError):
    """It is addressed to an organ: that organ assigns sub-matters to its own units."""

    rule = "addressed_to_organ"
    source = "监督法 第十七条（审议意见交本级人民政府研究处理）"
    zh = "这个事项交{organ}研究处理，不向其部门交办；由该机关自行分解并交办本机关单位。"
    en = (
        "It is addressed to the organ {organ} and not assigned to a unit: that organ opens "
        "sub-matters for units of its own."
    )


class UnitOfAnotherOrganError(RefusedError):
    """An organ assigns to its own units: another organ is asked, and assigns to its own."""

    rule = "unit_of_another_organ"
    source = "本系统 (交办)"
    zh = "“{unit}”是其他机关的单位，不能直接交办；请商请该机关立项办理。"
    en = "{unit} is a unit of another organ, which alone assigns to it: ask that organ."
