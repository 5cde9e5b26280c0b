"""The lines of the first screens: one function a screen."""

from collections.abc import Callable, Sequence
from datetime import datetime

from rich.cells import cell_len

from chassis.workdays import explain
from suite.today import Screen
from suite.today_items import Item, Owed
from suite.today_words import COUNTS, Line, Words

SHOWN = 20
SOON_WORK_DAYS = 2
LIAISONS = frozenset({"liaison", "unit_head"})


class Lines(Words):
    """Puts screens into lines."""

    def lines(self, screen: Screen) -> list[Line]:
        """Return *screen* line by line."""
        say: Callable[[Screen], list[Line]] = {
            "clerk": self._clerk,
            "supervision": self._supervision,
            "leader": self._leader,
            "unit": self._unit,
        }[screen.kind]
        return say(screen)

    def _clerk(self, screen: Screen) -> list[Line]:
        lines = [Line(self.counts(screen, "   "))]
        for place, owed in enumerate(screen.owed):
            first = self.of("最急：", "Most urgent:")
            lead = first if place == 0 else " " * cell_len(first)
            lines.append(Line(f"{lead} ● {self._owed(owed, screen.now)}", _light(owed)))
        return lines

    def _owed(self, owed: Owed, now: datetime) -> str:
        parts = [
            self.of(
                f"{owed.receipt_no} 答复{owed.sender}",
                f"{owed.receipt_no} answer {owed.sender}",
            )
        ]
        if owed.due is not None:
            left = self.left(owed.work_days_left)
            when = self.when(owed.due, now)
            parts.append(self.of(f"{when}到期（{left}）", f"due {when} ({left})"))
        if owed.at is not None:
            at = f"{self.unit_name(owed.at.lead)} {self.state(owed.at, brief=True)}"
            parts.append(self.of(f"在：{at}", f"with: {at}"))
        return "   ".join(parts)

    def _supervision(self, screen: Screen) -> list[Line]:
        counts = dict(screen.counts)
        lights = "  ".join(
            self.figure(c, counts.pop(c)) for c in ("red", "yellow", "green")
        )
        going = self.of("督办", "Matters ") + self.figure("going", counts.pop("going"))
        mine = {"to_assign": ("待我交办", "to assign")}
        waiting = [self.figure(code, n, mine.get(code)) for code, n in counts.items()]
        lines = [Line("   ".join([going, lights, *waiting]))]
        rows = [self._followed(item, screen.now) for item in screen.items]
        lines += self._table(screen.items, rows)
        if screen.officers:
            figures = [
                f"{self.name(who)} "
                + self.of(f"在办{going} 超期{late}", f"{going} in progress, {late} overdue")
                for who, (going, late) in screen.officers.items()
            ]
            lines.append(Line(self.of("科内：", "Section: ") + "  ".join(figures)))
        return lines

    def _followed(self, item: Item, now: datetime) -> list[str]:
        local = self.calendar.local(item.deadline.due)
        return [
            f"● {self.title(item)}",
            self.owner(item),
            self.of(f"限{local:%m-%d}", f"due {local:%m-%d}"),
            self.state(item),
            self.sheet(item),
            self.next_rung(item, now),
        ]

    def _leader(self, screen: Screen) -> list[Line]:
        counts = dict(screen.counts)
        to_sign = self.figure("to_sign", counts.pop("to_sign"))
        told = self.of("您的批示：", "Your instructions: ")
        if screen.leader != screen.reader.id:
            told = f"{self.name(screen.leader)}{self.of('：', ': ')}{told}"
        gap, glue = self.of("", " "), self.of("  ", "  ")
        figures = [f"{self.of(*COUNTS[code])}{gap}{n}" for code, n in counts.items()]
        if screen.closed:
            figures[-1] += self.of("（{}）", " ({})").format(
                self.of("；", "; ").join(
                    f"{i.subject or i.source_no}，{self.calendar.local(i.closed_at):%m-%d}"
                    for i in screen.closed
                    if i.closed_at
                )
            )
        rows = [self._instructed(item, screen.leader) for item in screen.items]
        table = self._table(screen.items, rows)
        return [Line(told + glue.join(figures)), *table, Line(to_sign)]

    def _instructed(self, item: Item, leader: str | None) -> list[str]:
        day = self.calendar.local(item.asked_at)
        mine = item.asked_by == leader
        who = self.of("您", "you") if mine else self.name(item.asked_by)
        asked = self.of(
            f"（{who}{day.month}月{day.day}日批示）", f" ({who} on {day:%m-%d})"
        )
        state = self.state(item, leading=True)
        if item.overdue:
            state += self.of("  原因：未报", "  reason: not reported")
        parts = [
            f"● {item.subject or item.source_no}{asked}",
            f"{self.unit_name(item.lead)} {self.name(item.head)}".strip(),
            state,
        ]
        if item.outside_due is not None and item.status != "completed":
            local = self.calendar.local(item.outside_due)
            left = self.left(item.outside_work_days_left)
            hour = f"{local.hour}时" if not local.minute else f"{local:%H:%M}"
            wants = item.sender or self.of("来文单位", "the sender")
            parts.append(
                self.of(
                    f" {wants}{local.month}月{local.day}日{hour}要结果，{left}",
                    f" {wants} wants it by {local:%m-%d %H:%M}, {left}",
                )
            )
        return parts

    def _unit(self, screen: Screen) -> list[Line]:
        lines = [Line(self.of("我单位：", "Our unit: ") + self.counts(screen, "   "))]
        for item in screen.items[:SHOWN]:
            local = self.calendar.local(item.deadline.due)
            language = self.of("zh", "en")
            part = self.of("主办", "lead") if item.part == "lead" else self.of("协办", "co")
            text = "  ".join(
                [
                    f"● {item.number}",
                    part,
                    self.of("限", "due ")
                    + f"{local:%m-%d %H:%M} = "
                    + explain(item.deadline, self.calendar, language),
                    self.of("交办人 ", "assigned by ") + self.name(item.assigned_by),
                ]
            )
            lines.append(Line(text, item.light))
            lines += [Line(f"  {line}") for line in self._next(item, screen.reader.id)]
        return lines + self._rest(screen.items)

    def _next(self, item: Item, reader: str) -> list[str]:
        """Return what the unit does next, and the call that does it."""
        act = f"--as {self._doer(reader)}"
        if not item.received:
            call = f"shuniu act receive_matter -w matter={item.number} {act}"
            return [self.of("请签收", "receive it") + f"  →  {call}"]
        if item.part != "lead":
            return [self.of("配合", "with ") + f"{self.unit_name(item.lead)}"]
        if item.status == "feedback":
            return [self.of("已报，待审核", "reported, under review")]
        lines = []
        if item.next_feedback is not None:
            local = self.calendar.local(item.next_feedback)
            progress = self.of("节点反馈限", "progress due ")
            lines.append(progress + f"{local:%m-%d %H:%M}")
        if item.sheet_no and not item.sheet_received:
            what = f"-w matter={item.number} -w sheet_no={item.sheet_no}"
            call = f"shuniu act receive_urging_sheet {what} {act}"
            lines.append(self.of("请签收催办单", "receive the sheet") + f"  →  {call}")
        file = self.of("结果.docx", "result.docx")
        call = f"shuniu feedback give {item.number} --file {file} --signed-by {item.head} {act}"
        return [*lines, self.of("须报：", "to report: ") + f"{item.requirement}  →  {call}"]

    def _doer(self, reader: str) -> str:
        """Return who may act for the reader's unit: the reader, or its liaison."""
        person = self.people.people.get(reader)
        if person is None or not person.roles.isdisjoint(LIAISONS):
            return reader
        return next(iter(self.people.with_role("liaison", unit=person.unit)), reader)

    def _table(self, items: Sequence[Item], rows: Sequence[Sequence[str]]) -> list[Line]:
        """Return rows with their columns under each other, of which any may be short."""
        shown = rows[:SHOWN]
        widths = [max(map(cell_len, column)) for column in zip(*_even(shown), strict=True)]
        lines = []
        for item, row in zip(items, shown, strict=False):
            cells = [c + " " * (w - cell_len(c)) for c, w in zip(row, widths, strict=False)]
            lines.append(Line("  ".join(cells).rstrip(), item.light))
        return lines + self._rest(items)

    def _rest(self, items: Sequence[Item]) -> list[Line]:
        more = len(items) - SHOWN
        return (
            [Line(self.of(f"  …另有{more}件", f"  …and {more} more"))] if more > 0 else []
        )


def _even(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _light(owed: Owed) -> str:
    if owed.at is not None and owed.at.overdue:
        return "red"
    left = owed.work_days_left
    return (
        "green"
        if left is None or left > SOON_WORK_DAYS
        else "yellow"
        if left > 0
        else "red"
    )
