"""The meeting body 会议体 and the rules that its items and opinions are held to: policy, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.meetings.domain.words import (
    AgendaItemKind,
    CountedIn,
    DecidesBy,
    MaterialStage,
    MeetingBodyKind,
    OwedBy,
    StageBasis,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """How long before a meeting something is due."""

    days: int
    counted_in: CountedIn


@dataclass(frozen=True, kw_only=True, slots=True)
class StageRule:
    """One stage of the materials of a kind of item; an item may leave out an *optional* one."""

    stage: MaterialStage
    lead: Lead
    owed_by: OwedBy
    basis: StageBasis
    source: str
    optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingBody:
    """What meets, with what its notice and its items' materials are held to."""

    code: str
    organ: str
    kind: MeetingBodyKind
    name_zh: str
    name_en: str
    members: int
    decides_by: DecidesBy
    notice: Lead
    materials: Mapping[AgendaItemKind, tuple[StageRule, ...]] = field(default_factory=dict)

    @property
    def quorum(self) -> int:
        """How many must be present: more than half of all members (组织法 第五十一条)."""
        return self.members // 2 + 1

    @property
    def majority(self) -> int:
        """How many adopt: more than half of ALL members (组织法 第五十一条)."""
        return self.members // 2 + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class OpinionLimits:
    """By when an opinion is compiled, handed over and dealt with (P-OPN)."""

    draft_work_days: int
    hand_over_work_days: int
    months: int
    comment_days_before: int
