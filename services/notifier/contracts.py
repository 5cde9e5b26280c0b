"""Alerts as others see them: put into words when they are read, for whoever reads them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chassis.people import People
from chassis.wire import timestamp
from chassis.workdays import Calendar
from services.notifier.domain.rules import Rule
from services.notifier.projections.mailbox import Alert, Delivered
from shuniu.notifier.v1 import alert_stream_pb2 as pb

ABSENT = "—"
CODES = frozenset({"stage", "step"})
UNITS = frozenset({"unit", "lead", "reviewing_committee", "office"})
SEVERITIES = {
    "reminder": pb.SEVERITY_REMINDER,
    "notice": pb.SEVERITY_NOTICE,
    "warning": pb.SEVERITY_WARNING,
    "critical": pb.SEVERITY_CRITICAL,
}
STATES = {
    "firing": pb.ALERT_STATE_FIRING,
    "updated": pb.ALERT_STATE_UPDATED,
    "resolved": pb.ALERT_STATE_RESOLVED,
}


class Wording:
    """Fills the rules' templates with what the reader may see: numbers, units, dates."""

    def __init__(
        self, rules: Mapping[str, Rule], people: People, calendar: Calendar
    ) -> None:
        self._rules = rules
        self._people = people
        self._calendar = calendar

    def title(self, alert: Alert, language: str) -> str:
        """Return the alert's title in *language* (`zh` or `en`)."""
        if alert.kind == "digest":
            return self._digest_title(alert, language)
        rule = self._rules.get(alert.rule)
        if rule is None:
            return alert.kind  # its rule was removed since
        template = rule.title_en if language == "en" else rule.title_zh
        return template.format_map(_Filled(self._said(alert.args, language)))

    def body(self, alert: Alert, language: str) -> str:
        """Return the lines of a digest; other alerts say all in their title."""
        if alert.kind != "digest":
            return ""
        return "\n".join(self._line(line, language) for line in alert.args["lines"])

    def _digest_title(self, alert: Alert, language: str) -> str:
        going, overdue = alert.args["in_progress"], alert.args["overdue"]
        leader = self._name(alert.args["leader"])
        if language == "en":
            return f"{leader}: your instructions: {going} in progress, {overdue} overdue"
        return f"{leader}：您的批示：在办{going}  超期{overdue}"

    def _line(self, line: Mapping[str, Any], language: str) -> str:
        english = language == "en"
        number = line["number"] or ("not assigned yet" if english else "待交办")
        parts = [f"● {number}", self._unit(line["unit"])]
        if line["completed"]:
            parts.append("completed, for you to read" if english else "已办结，请阅示")
        elif line["feedback"]:
            parts.append("reported, under review" if english else "已报，审核中")
        elif days := line["overdue_work_days"]:
            parts.append(
                f"{days} working days overdue" if english else f"逾期{days}个工作日"
            )
        else:
            due = self._moment(line["due"], language)
            parts.append(f"due {due}" if english else f"限{due}")
        left = line["work_days_left"]
        if left is not None and not line["completed"]:
            parts.append(
                f"{left} working days left to the sender's date"
                if english
                else f"距来文要求时限剩{left}个工作日"
            )
        return "  ".join(parts)

    def _said(self, args: Mapping[str, Any], language: str) -> dict[str, str]:
        said = {}
        for name, value in args.items():
            if name in UNITS or name.endswith("_unit"):
                said[name] = self._unit(value)
            elif name.endswith("_due") or name in ("due", "near"):
                said[name] = self._moment(value, language)
            elif name in CODES:
                said[name] = str(value).replace("_", " ")
            else:
                said[name] = str(value)
        return said

    def _unit(self, unit: str | None) -> str:
        found = self._people.units.get(unit or "")
        return found.name if found else (unit or ABSENT)

    def _name(self, person: str) -> str:
        found = self._people.people.get(person)
        return found.name if found else person

    def _moment(self, written: str, language: str) -> str:
        local = self._calendar.local(datetime.fromisoformat(written))
        if language == "en":
            return f"{local:%Y-%m-%d %H:%M}"
        return f"{local.month}月{local.day}日{local:%H:%M}"


class _Filled(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ABSENT


def to_message(delivered: Delivered, wording: "Wording", kept: timedelta) -> pb.Alert:
    """Return an alert of a mailbox as its subscriber gets it first; *kept* is how long it is."""
    alert = delivered.alert
    item = f"{alert.entity_type}/{alert.entity_id}"
    args = {k: str(v) for k, v in alert.args.items() if isinstance(v, str | int)}
    return pb.Alert(
        alert_id=str(alert.alert_id),
        sequence=delivered.sequence,
        kind=alert.kind,
        severity=SEVERITIES[alert.severity],
        on_behalf_of=delivered.on_behalf_of,
        entity=pb.EntityRef(
            type=alert.entity_type,
            id=str(alert.entity_id),
            number=alert.entity_number or "",
        ),
        title_zh=wording.title(alert, "zh"),
        title_en=wording.title(alert, "en"),
        body_zh=wording.body(alert, "zh"),
        body_en=wording.body(alert, "en"),
        args=args,
        occurred_at=timestamp(alert.occurred_at),
        created_at=timestamp(alert.created_at),
        deadline_at=timestamp(alert.deadline_at),
        source=pb.AlertSource(
            event_type=alert.event_type, event_id=alert.event_id, topic=alert.topic
        ),
        correlation_id=str(alert.correlation_id or ""),
        attempt=1,
        state=STATES[delivered.state],
        dedup_key=f"{alert.kind}/{item}",
        group_key=item,
        expires_at=timestamp(delivered.recorded_at + kept),
        requires_acknowledge=alert.severity == "critical",
    )
