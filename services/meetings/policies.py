"""From policy data to what the domain decides by: meeting bodies, materials, opinions."""

from datetime import date
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.parts import Parts
from chassis.policies import PolicyError
from services.meetings.domain.meeting_bodies import (
    Lead,
    MeetingBody,
    OpinionLimits,
    StageRule,
)
from services.meetings.domain.refusals import UnknownMeetingBodyError
from services.meetings.domain.words import (
    AgendaItemKind,
    CountedIn,
    DecidesBy,
    MaterialStage,
    MeetingBodyKind,
    OwedBy,
    StageBasis,
)

MATERIALS = ("P-MAT-NPC", "P-MAT-GOV")
LAW_15 = {
    MaterialStage.DRAFT_FOR_COMMENT: 20,
    MaterialStage.REVISED: 10,
    MaterialStage.TO_MEMBERS: 7,
}
"""The stages of a special work report that 监督法 第十五条 names, with the days it gives."""


M = TypeVar("M", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Lead(_Strict):
    days: int = Field(ge=1, le=365)
    counted_in: CountedIn


class _MeetingBody(_Strict):
    organ: str = Field(min_length=1)
    kind: MeetingBodyKind
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    members: int = Field(ge=1, le=5000)
    decides_by: DecidesBy
    notice: _Lead


class _Stage(_Strict):
    stage: MaterialStage
    days: int = Field(ge=1, le=365)
    owed_by: OwedBy
    basis: StageBasis
    source: str = Field(min_length=1)
    optional: bool = False


class _Materials(_Strict):
    meeting_body: str
    counted_in: CountedIn
    special_work_report: list[_Stage] = []
    handling_report: list[_Stage] = []
    resolution: list[_Stage] = []
    general: list[_Stage] = []


class _Opinions(_Strict):
    draft_work_days: int = Field(ge=1, le=365)
    hand_over_work_days: int = Field(ge=1, le=365)
    months: int = Field(ge=1, le=24)
    comment_days_before: int = Field(ge=1, le=365)


class _Satisfaction(_Strict):
    more_than_half_of: Literal["members", "present"]


def expect_sound(parts: Parts) -> None:
    """Refuse to start under a policy that cannot be used, or that drops what the law demands.

    Every day on which a policy begins is looked at, from when all are in force. Raises
    `PolicyError`.
    """
    begun: dict[str, date] = {}
    for policy in parts.policies.every:
        since = begun.get(policy.id, policy.effective_from)
        begun[policy.id] = min(since, policy.effective_from)
    days = {policy.effective_from for policy in parts.policies.every}
    for day in sorted(day for day in days if day >= max(begun.values())):
        meeting_bodies(parts, day)
        opinion_limits(parts, day)
        electorate_is_present(parts, day)


def meeting_bodies(parts: Parts, day: date) -> dict[str, MeetingBody]:
    """Return the meeting bodies by their codes, as of *day*. Raises `PolicyError`."""
    materials = {
        m.meeting_body: m for m in (_materials(parts, name, day) for name in MATERIALS)
    }
    found = {}
    for code, written in parts.policies.at("P-MEETING-BODY", day).items():
        meeting_body = _read(_MeetingBody, written, f"P-MEETING-BODY {code}")
        found[code] = MeetingBody(
            code=code,
            organ=meeting_body.organ,
            kind=meeting_body.kind,
            name_zh=meeting_body.name_zh,
            name_en=meeting_body.name_en,
            members=meeting_body.members,
            decides_by=meeting_body.decides_by,
            notice=Lead(
                days=meeting_body.notice.days, counted_in=meeting_body.notice.counted_in
            ),
            materials=_rules(materials[code]) if code in materials else {},
        )
        _expect_lawful(found[code])
    if stray := set(materials) - set(found):
        raise PolicyError(f"materials of an unknown meeting body: {', '.join(stray)}")
    return found


def meeting_body_of(parts: Parts, day: date, code: str, organ: str) -> MeetingBody:
    """Return the meeting body *code* of *organ* as of *day*. Raises `UnknownMeetingBodyError`."""
    meeting_body = meeting_bodies(parts, day).get(code)
    if meeting_body is None or meeting_body.organ != organ:
        raise UnknownMeetingBodyError(meeting_body=code)
    return meeting_body


def opinion_limits(parts: Parts, day: date) -> OpinionLimits:
    """Return the limits of opinions as of *day* (P-OPN)."""
    written = _read(_Opinions, parts.policies.at("P-OPN", day), "P-OPN")
    return OpinionLimits(
        draft_work_days=written.draft_work_days,
        hand_over_work_days=written.hand_over_work_days,
        months=written.months,
        comment_days_before=written.comment_days_before,
    )


def electorate_is_present(parts: Parts, day: date) -> bool:
    """Say whether satisfied are more than half of those present, not of all (P-SAT)."""
    written = _read(_Satisfaction, parts.policies.at("P-SAT", day), "P-SAT")
    return written.more_than_half_of == "present"


def _materials(parts: Parts, name: str, day: date) -> _Materials:
    return _read(_Materials, parts.policies.at(name, day), name)


def _rules(written: _Materials) -> dict[AgendaItemKind, tuple[StageRule, ...]]:
    return {
        kind: tuple(_rule(stage, written.counted_in) for stage in getattr(written, kind))
        for kind in AgendaItemKind
    }


def _rule(written: _Stage, counted_in: CountedIn) -> StageRule:
    return StageRule(
        stage=written.stage,
        lead=Lead(days=written.days, counted_in=counted_in),
        owed_by=written.owed_by,
        basis=written.basis,
        source=written.source,
        optional=written.optional,
    )


def _expect_lawful(meeting_body: MeetingBody) -> None:
    """Refuse a standing committee whose reports come later than 监督法 第十五条 lets them."""
    for kind, rules in meeting_body.materials.items():
        if len({rule.stage for rule in rules}) < len(rules):
            raise PolicyError(f"{meeting_body.code} {kind}: a stage is named twice")
    if meeting_body.kind is not MeetingBodyKind.STANDING_COMMITTEE:
        return
    rules = meeting_body.materials.get(AgendaItemKind.SPECIAL_WORK_REPORT, ())
    for stage, days in LAW_15.items():
        lawful = [
            rule
            for rule in rules
            if rule.stage is stage
            and rule.basis is StageBasis.LAW
            and not rule.optional
            and rule.lead.counted_in is CountedIn.CALENDAR_DAYS
            and rule.lead.days >= days
        ]
        if not lawful:
            raise PolicyError(
                f"{meeting_body.code}: 监督法 第十五条 demands {stage} {days} days before the meeting"
            )


def _read(model: type[M], written: Any, where: str) -> M:
    try:
        return model.model_validate(written)
    except ValidationError as error:
        raise PolicyError(f"{where}: {error}") from error
