"""What the directory refuses. *field* is the field of the entry that is wrong."""

from typing import ClassVar

from chassis.domain import RefusedError


class EntryRefusedError(RefusedError):
    """An entry does not fit the rest of the organisation."""

    field: ClassVar[str] = "id"


class OrganUnknownError(EntryRefusedError):
    """A unit belongs to an organ that is there."""

    rule = "organ_is_known"
    zh = "机关“{organ}”不存在，请先录入该机关。"
    en = "There is no organ {organ}: enter it first."
    field = "organ"


class ParentUnknownError(EntryRefusedError):
    """A unit stands under one that is there."""

    rule = "parent_is_known"
    zh = "上级单位“{parent}”不存在，请先录入该单位。"
    en = "There is no unit {parent} to stand under: enter it first."
    field = "parent"


class ParentElsewhereError(EntryRefusedError):
    """A unit and the one above it belong to the same organ."""

    rule = "units_of_one_organ"
    zh = "上级单位“{parent}”属于机关“{organ}”，上下级单位须属于同一机关。"
    en = "The unit {parent} belongs to the organ {organ}: both must belong to one."
    field = "parent"


class UnitCycleError(EntryRefusedError):
    """The units of an organ are a tree."""

    rule = "units_are_a_tree"
    zh = "上级单位成环：{line}，请更正其中一个上级。"
    en = "The units stand under one another in a ring: {line}. Correct one parent."
    field = "parent"


class UnitUnknownError(EntryRefusedError):
    """A person works in a unit that is there."""

    rule = "unit_is_known"
    zh = "单位“{unit}”不存在，请先录入该单位。"
    en = "There is no unit {unit}: enter it first."
    field = "unit"


class SuperiorUnknownError(EntryRefusedError):
    """A person reports to somebody who is there, and not to themselves."""

    rule = "superior_is_somebody_else"
    zh = "上级“{superior}”不存在或即本人，请更正。"
    en = "The superior {superior} is nobody known, or the person: correct it."
    field = "superior"


class LeaderUnknownError(EntryRefusedError):
    """An aide serves leaders who are there."""

    rule = "leader_is_somebody_else"
    zh = "所联络的领导“{leader}”不存在或即本人，请更正。"
    en = "The leader {leader} is nobody known, or the person: correct it."
    field = "aide_of"


class SubstituteUnknownError(EntryRefusedError):
    """Somebody else who is there stands in, for a time that ends after it begins."""

    rule = "substitute_is_somebody_else"
    zh = "代理人“{substitute}”不存在、即本人或起止时间颠倒，请更正。"
    en = "The substitute {substitute} is nobody known, the person, or ends first: correct it."
    field = "substitutes"


class UnitLeavesOrganError(EntryRefusedError):
    """A unit stays in its organ: numbers, scores and history hang on it."""

    rule = "unit_keeps_its_organ"
    zh = "单位不能由机关“{organ}”改属其他机关，请以新代码另录。"
    en = "A unit does not leave its organ {organ}: enter it under a new code."
    field = "organ"


class DepartureAheadError(RefusedError):
    """A departure is announced once it has come."""

    rule = "departure_has_come"
    zh = "离任时间尚未到，请于离任之日办理。"
    en = "The departure lies ahead: announce it once it has come."


class AlreadyLeftError(RefusedError):
    """Nobody leaves twice."""

    rule = "person_is_in_office"
    zh = "该同志已于{left_at}离任。"
    en = "The person left already, at {left_at}."


class SuccessorUnknownError(RefusedError):
    """Work is handed over to somebody else in office."""

    rule = "successor_is_in_office"
    zh = "接手人“{taken_over_by}”不存在、已离任或即本人，请更正。"
    en = "{taken_over_by} is nobody known, has left, or is the person: name somebody else."


class SuccessorElsewhereError(RefusedError):
    """A unit hands work over within itself; to another unit an operator hands it."""

    rule = "successor_is_of_the_unit"
    zh = "接手人“{taken_over_by}”不在本单位，跨单位接手请由管理员办理。"
    en = "{taken_over_by} is of another unit: only an operator hands work over to them."
