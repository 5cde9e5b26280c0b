"""A score as lines: each unit, and below it each point with the event behind it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from rich.text import Text

from chassis.people import People
from services.supervision.domain.evaluation.words import LABELS, PointKind, Unranked

MINUS = "\u2212"


class Shown:
    """A score in lines, Chinese or English."""

    def __init__(self, people: People, zone: tzinfo, *, english: bool = False) -> None:
        self._people = people
        self._zone = zone
        self._english = english

    def lines(self, found: Mapping[str, Any]) -> Sequence[Text]:
        """Return the heading, each unit, and below it each point with its event."""
        shown = [self._heading(found)]
        for unit in found["units"]:
            shown.append(Text(self._line(unit, found["rank_from_closed"])))
            shown += [Text(self._reason(point), style="dim") for point in unit["points"]]
        if not found["units"]:
            none = "no unit led anything" if self._english else "该期间没有主办事项"
            shown.append(Text(none))
        return shown

    def _heading(self, found: Mapping[str, Any]) -> Text:
        period = f"{found['from']} – {found['until']}  {found['rule']}"
        if "published_at" not in found:
            state = "preview, not published" if self._english else "预览，未公布"
        else:
            when = self._when(found["published_at"])
            state = f"published {when}" if self._english else f"公布于{when}"
        return Text(f"{period}  {state}", style="bold")

    def _line(self, unit: Mapping[str, Any], fewest: int) -> str:
        sums: dict[str, Decimal] = {}
        for point in unit["points"]:
            kind = point["kind"]
            sums[kind] = sums.get(kind, Decimal(0)) + Decimal(point["points"])
        parts = [
            f"{signed(sums[kind])} {self._label(kind)}"
            for kind in PointKind
            if kind in sums
        ]
        on_time = f"{unit['on_time']}/{unit['completed']}"
        said = [
            self._unit(unit["unit"]),
            f"{'score' if self._english else '得分'} {plain(Decimal(unit['score']))}",
            *([f"（{' '.join(parts)}）"] if parts else []),
            f"on time {on_time}" if self._english else f"按期 {on_time}",
            self._rank(unit, fewest),
        ]
        return " ".join(said)

    def _rank(self, unit: Mapping[str, Any], fewest: int) -> str:
        if unit["rank"] is not None:
            rank = unit["rank"]
            return f"rank {rank}" if self._english else f"同类第{rank}"
        few = unit["unranked"] == Unranked.FEW_ITEMS
        if self._english:
            why = f"fewer than {fewest} closed" if few else "no unit class"
            return f"not ranked ({why})"
        return f"不排名（少于{fewest}件）" if few else "不排名（未分类）"

    def _reason(self, point: Mapping[str, Any]) -> str:
        late = ""
        if days := point["work_days"]:
            late = f"{days} working days late" if self._english else f"{days}个工作日"
        said = (
            f"  {signed(Decimal(point['points']))} {self._label(point['kind'])}",
            point["number"],
            self._when(point["occurred_at"]),
            point["event_type"],
            late,
            point["event_id"],
        )
        return "  ".join(filter(None, said))

    def _label(self, kind: str) -> str:
        label = LABELS[PointKind].get(kind)
        if label is None:  # of a newer suite
            return kind
        return label.en if self._english else label.zh

    def _unit(self, unit: str) -> str:
        found = self._people.units.get(unit)
        return found.name if found else unit

    def _when(self, written: str) -> str:
        local = datetime.fromisoformat(written).astimezone(self._zone)
        return f"{local:%Y-%m-%d %H:%M}"


def plain(points: Decimal) -> str:
    """Return *points* without zeros that say nothing: `98.9`, `100`."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(points: Decimal) -> str:
    """Return *points* with their sign, as the office writes it: `−1.6`, `+1`."""
    return f"{MINUS if points < 0 else '+'}{plain(abs(points))}"
