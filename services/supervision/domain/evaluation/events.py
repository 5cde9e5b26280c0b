"""What can have happened to a score."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, TypeAlias
from uuid import UUID

from chassis.domain import Event, Label
from services.supervision.domain.evaluation.points import UnitScore


@dataclass(frozen=True, kw_only=True, slots=True)
class ScorePublished(Event):
    """The units of an organ have their scores over a period by a rule: frozen, with reasons."""

    label: ClassVar[Label] = Label("得分公布", "Score published")

    score_id: UUID
    organ: str
    first_day: date
    last_day: date
    rule: str
    start: Decimal
    rank_from_closed: int
    units: tuple[UnitScore, ...]
    published_by: str
    published_at: datetime


ScoreEvent: TypeAlias = ScorePublished
