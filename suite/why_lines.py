"""One event of a story as a line: when, what, by whom, and what matters about it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chassis.people import People
from services.meetings.domain.words import LABELS, MaterialStage

NUMBERS = ("sheet_no", "doc_no")
STAGE = "MATERIAL_STAGE_"
LIGHTS = {"LIGHT_GREEN": "green", "LIGHT_YELLOW": "yellow", "LIGHT_RED": "red"}


def line(event: Mapping[str, Any], people: People, zone: Any, language: str) -> str:
    """Return *event* in *language* (`zh` or `en`), marked up for the terminal."""
    when = datetime.fromisoformat(event["occurred_at"]).astimezone(zone)
    label = event["label_zh"] if language == "zh" else event["label_en"]
    who = _who(event, people, language)
    more = _more(event, people, zone, language == "zh")
    return "  ".join(
        [f"[cyan]{when:%m-%d %H:%M}[/cyan]", label, f"[dim]{who}[/dim]", *more]
    )


def _who(event: Mapping[str, Any], people: People, language: str) -> str:
    who = name_of(str(event["actor"]), people, language)
    if not event["on_behalf_of"] or event["on_behalf_of"] == event["actor"]:
        return who
    leader = name_of(str(event["on_behalf_of"]), people, language)
    return (
        f"{leader}（代录 {who}）" if language == "zh" else f"{leader} (recorded by {who})"
    )


def name_of(person: str, people: People, language: str) -> str:
    """Return the name of *person*, or of the system."""
    if person.startswith("system:"):
        return "系统" if language == "zh" else "system"
    found = people.people.get(person)
    return found.name if found else person


def _more(
    event: Mapping[str, Any], people: People, zone: Any, chinese: bool
) -> Iterable[str]:
    facts, kind = event["facts"], event["type"].partition(".")[2]
    if colour := LIGHTS.get(facts.get("light", "")):
        yield f"[{colour}]●[/{colour}]"
    yield from (str(facts[name]) for name in NUMBERS if name in facts)
    if stage := facts.get("stage"):
        code = MaterialStage(str(stage).removeprefix(STAGE).lower())
        label = LABELS[MaterialStage][code]
        yield label.zh if chinese else label.en
    if facts.get("late_work_days"):
        days = facts["late_work_days"]
        yield f"逾期{days}个工作日" if chinese else f"{days} working days late"
    if early := facts.get("days_early"):
        yield f"提前{early}天" if chinese else f"{early} days early"
    if "due" in facts and kind in ("Opened", "HandedOver"):
        due = datetime.fromisoformat(facts["due"]).astimezone(zone)
        yield f"限{due:%m-%d %H:%M}" if chinese else f"due {due:%m-%d %H:%M}"
    if kind == "SatisfactionVoted":
        yield from _votes(facts, chinese)
    if day := facts.get("day"):
        ordinal = facts.get("ordinal")
        yield f"第{ordinal}次会议 {day}" if chinese else f"meeting {ordinal} on {day}"
    if present := facts.get("present"):
        yield (
            f"出席{present}/{facts['members']}"
            if chinese
            else f"{present} of {facts['members']} present"
        )
    if unit := facts.get("unit") or (facts.get("lead") if kind == "Assigned" else None):
        found = people.units.get(unit)
        yield found.name if found else unit


def _votes(facts: Mapping[str, Any], chinese: bool) -> Iterable[str]:
    satisfied, basically, not_at_all = (
        facts.get(name, 0) for name in ("satisfied", "basically_satisfied", "dissatisfied")
    )
    if chinese:
        yield f"满意{satisfied} 基本满意{basically} 不满意{not_at_all}"
    else:
        yield f"{satisfied} satisfied, {basically} basically, {not_at_all} not"
