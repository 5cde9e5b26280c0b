"""`shuniu score`: how a unit was scored, each point with the event behind it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.text import Text

from services.supervision.domain.evaluation.words import LABELS, PointKind, Unranked
from suite.acts.score import SCORES
from suite.client import Client
from suite.commands.common import (
    JsonOption,
    Language,
    LanguageOption,
    PersonOption,
    UsageError,
    calling,
    console,
)
from suite.reaching import Reach

MINUS = "\u2212"


@calling
async def score(
    reach: Reach,
    unit: Annotated[
        str | None, typer.Option(help="Only this unit, by name or id. (default: all)")
    ] = None,
    rule: Annotated[
        str | None, typer.Option(help="By this rule. (default: of the latest score)")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="As it would be now; publishes nothing.")
    ] = False,
    since: Annotated[
        str | None, typer.Option("--from", help="With --preview: the first day.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="With --preview: the last day.")] = None,
    person: PersonOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    """得分: the latest published score, with the event behind each point.

    On this machine it is read as the section head of supervision unless --as says otherwise.

    Examples:
        shuniu score --unit 县水利局
        shuniu score --rule R-2025B --as deng.jie
        shuniu score --preview --rule R-2025A --from 2025-01-01 --until 2025-10-31
    """
    reader = _reader(reach, person)
    wanted = {"unit": _unit(reach, unit)} if unit else {}
    async with reach.client(language.value) as client:
        if preview:
            if not (rule and since and until):
                raise UsageError("a preview needs --rule, --from and --until")
            asked = {"rule": rule, "from": since, "until": until}
            found = await client.get(reader, f"{SCORES}/preview", **asked, **wanted)
        else:
            item = await _latest(client, reader, rule)
            found = await client.get(reader, f"{SCORES}/{item}", **wanted)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for line in Shown(reach, language).lines(found):
        console().print(line)


def _reader(reach: Reach, person: str | None) -> str:
    """Return who asks: whom --as or the token names, or who publishes scores here."""
    if person is not None or reach.claims is not None:
        return reach.who(person).id
    people = reach.people
    for organ in people.organs:
        if heads := people.with_function("section_head", "supervision", organ):
            return heads[0]
    return reach.who(None).id


def _unit(reach: Reach, name: str) -> str:
    if not reach.people.units:
        return name
    try:
        return reach.people.unit_named(name).id
    except KeyError:
        known = "、".join(unit.name for unit in reach.people.units.values())
        raise UsageError(f"no unit is called {name}; known are: {known}") from None


async def _latest(client: Client, reader: str, rule: str | None) -> str:
    query = {"limit": 1} | ({"rule": rule} if rule else {})
    items = (await client.get(reader, SCORES, **query))["items"]
    if not items:
        raise UsageError(
            f"no score{f' by {rule}' if rule else ''} is published yet: "
            "see it before that with --preview --rule RULE --from DAY --until DAY"
        )
    return str(items[0]["score_id"])


class Shown:
    """A score in lines, Chinese or English."""

    def __init__(self, reach: Reach, language: Language) -> None:
        self._people = reach.people
        self._zone = reach.calendar.zone
        self._english = language is Language.en

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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("score")(score)
