"""What others may know of a published score."""

from chassis import wire
from services.supervision.domain.evaluation.events import ScorePublished
from shuniu.supervision.v1 import score_pb2 as scores


def score_published(event: ScorePublished) -> scores.ScorePublished:
    """Return what tells others of the score: units, points and counts, no text."""
    units = [
        scores.UnitScore(
            unit=unit.unit,
            unit_class=unit.unit_class,
            score=str(unit.score),
            assigned=unit.assigned,
            completed=unit.completed,
            on_time=unit.on_time,
            closed=unit.closed,
            rank=unit.rank,
            unranked=wire.value_of(scores.Unranked, unit.unranked or ""),
        )
        for unit in event.units
    ]
    return scores.ScorePublished(
        score_id=str(event.score_id),
        organ=event.organ,
        first_day=event.first_day.isoformat(),
        last_day=event.last_day.isoformat(),
        rule=event.rule,
        start=str(event.start),
        rank_from_closed=event.rank_from_closed,
        units=units,
        published_by=event.published_by,
        published_at=wire.timestamp(event.published_at),
    )
