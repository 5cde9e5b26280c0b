"""Shows a play in the terminal: in colour on one, in plain lines elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console

from chassis.people import People
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from suite.scenario import Step

COLOURS = {
    pb.SEVERITY_REMINDER: "yellow",
    pb.SEVERITY_NOTICE: "green",
    pb.SEVERITY_WARNING: "red",
    pb.SEVERITY_CRITICAL: "bold white on red",
}
WEEKDAYS = "一二三四五六日"


class Terminal:
    """A stage on standard output."""

    def __init__(self, console: Console, people: People, zone: Any) -> None:
        self.console = console
        self._people = people
        self._zone = zone
        self._digests: dict[tuple[str, str], str] = {}
        self._unchanged = 0

    def step(self, number: int, of: int, step: Step) -> None:
        """Show that a step begins."""
        self._say_unchanged()
        who = self._name(step.person) if step.person else "时钟"
        if step.on_behalf_of:
            who = f"{self._name(step.on_behalf_of)}（代录 {who}）"
        when = self._when(step.at)
        progress = f"[dim]{number:>2}/{of}[/dim]"
        self.console.print(
            f"{progress} [cyan]{when}[/cyan]  [bold]{who}[/bold]  {step.says}"
        )

    def alert(self, person: str, alert: pb.Alert) -> None:
        """Show an alert that arrived; of daily digests only those that say something new."""
        if alert.kind == "digest":
            whose = (person, alert.on_behalf_of)
            if self._digests.get(whose) == alert.body_zh:
                self._unchanged += 1
                return
            self._digests[whose] = alert.body_zh
        colour = COLOURS.get(alert.severity, "white")
        when = self._when(alert.occurred_at.ToDatetime(tzinfo=self._zone))
        to = self._name(person)
        if alert.on_behalf_of:
            to = f"{to}（转 {self._name(alert.on_behalf_of)}）"
        self.console.print(f"      [{colour}]● {when} → {to}[/{colour}]  {alert.title_zh}")
        for line in alert.body_zh.splitlines():
            self.console.print(f"          [dim]{line}[/dim]")

    def differs(self, where: str, differences: Sequence[str]) -> None:
        """Show what was not as expected."""
        for difference in differences:
            self.console.print(f"      [bold red]✗ {where}[/bold red]: {difference}")

    def _say_unchanged(self) -> None:
        if self._unchanged:
            self.console.print(
                f"      [dim]● 其间每日汇总{self._unchanged}份，内容未变[/dim]"
            )
            self._unchanged = 0

    def _when(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        return f"{local:%m-%d} 周{WEEKDAYS[local.weekday()]} {local:%H:%M}"

    def _name(self, person: str) -> str:
        found = self._people.people.get(person)
        return found.name if found else person
