"""The words of the first screens: Chinese and English side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.cells import cell_len

from chassis.people import People
from chassis.workdays import Calendar
from suite.today import Screen
from suite.today_items import Item

WIDTH = 72

COUNTS: Mapping[str, tuple[str, str]] = {
    "to_receive": ("待签收", "to receive"),
    "to_register": ("待登记", "to register"),
    "to_assign": ("待分办", "to assign"),
    "to_instruct": ("待录批示", "instructions to record"),
    "to_issue": ("待核发", "to issue"),
    "to_file": ("待归档", "to file"),
    "going": ("在办", "in progress"),
    "red": ("红", "red"),
    "yellow": ("黄", "yellow"),
    "green": ("绿", "green"),
    "to_review": ("待我审核", "to review"),
    "to_close": ("待销号", "to close"),
    "overdue": ("超期", "overdue"),
    "closed_this_week": ("本周销号", "closed this week"),
    "to_sign": ("待您签批", "to sign"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; its ● has the colour of *light*."""

    text: str
    light: str | None = None


class Words:
    """Says what screens have in common, in `zh` or `en`."""

    def __init__(self, people: People, calendar: Calendar, language: str) -> None:
        self.people = people
        self.calendar = calendar
        self.english = language == "en"

    def heading(self, screen: Screen) -> Line:
        """Return the day, and who reads."""
        local = self.calendar.local(screen.now)
        day = local.date()
        festival = self.calendar.festival(day)
        if self.calendar.is_make_up(day):
            kind = self.of("班（补班工作日）", "make-up working day")
        elif self.calendar.is_work_day(day):
            kind = self.of("工作日", "working day")
        else:
            kind = self.of("休息日", "rest day") + (f"（{festival}）" if festival else "")
        weekday = self.of(f"周{'一二三四五六日'[day.weekday()]}", f"{day:%a}")
        when = self.of(f"今天 {day.month}月{day.day}日", f"Today {day:%m-%d}")
        left = f"{when} {weekday} {kind}"
        right = f"{screen.reader.name} {self.unit_name(screen.reader.unit)}".strip()
        return Line(left + " " * max(3, WIDTH - cell_len(left + right)) + right)

    def state(self, item: Item, *, brief: bool = False, leading: bool = False) -> str:
        """Return what has become of it; *brief* leaves out for how long, *leading* the 已."""
        days = item.overdue_work_days
        if item.overdue and (brief or not days):
            return self.of("已逾期", "overdue")
        if item.overdue:
            already = "" if leading else "已"
            return self.of(f"{already}逾期{days}个工作日", f"{days} working days overdue")
        zh, en = {
            "opened": ("待交办", "not assigned yet"),
            "assigned": ("待签收", "not received yet"),
            "feedback": ("已报待审核", "reported, under review"),
            "completed": ("已办结待销号", "completed, not closed"),
        }.get(
            item.status,
            ("临期", "near due") if item.light == "yellow" else ("办理中", "in progress"),
        )
        return self.of(zh, en)

    def sheet(self, item: Item) -> str:
        """Return whether a sheet is due, issued, received: the notice, once there is one."""
        if item.notice_prepared:
            return self.of("督办通知单待发", "supervision notice to issue")
        if item.notice_no is not None:
            notice = item.notice_no.rpartition("〕")[2]
            received = item.notice_received
            return self.of(
                f"督办通知单{notice}{'已' if received else '未'}签收",
                f"supervision notice {item.notice_no} {'' if received else 'not '}received",
            )
        if item.sheet_prepared:
            return self.of("催办单待发", "urging sheet to issue")
        if item.sheet_no is None:
            return ""
        sheet = item.sheet_no.rpartition("〕")[2]
        received = item.sheet_received
        return self.of(
            f"催办单{sheet}{'已' if received else '未'}签收",
            f"urging sheet {item.sheet_no} {'' if received else 'not '}received",
        )

    def next_rung(self, item: Item, now: datetime) -> str:
        """Return when which sheet goes to whom if nothing is reported until then."""
        rung = item.next_rung
        if rung is None:
            return ""
        when = self.when(rung.due, now)
        if rung.sheet == "urging_sheet":
            unit = self.unit_name(item.lead)
            return self.of(f"{when}催办：催办单→{unit}", f"{when}: urging sheet to {unit}")
        red = rung.colour == "red"
        head = self.name(item.head) or self.unit_name(item.lead)
        zh, en = ("督办通知单", "supervision notice") if rung.sheet else ("报告", "report")
        return self.of(
            f"{when}升级：{'红色' if red else ''}{zh}→{head}",
            f"{when} escalates: {'red ' if red else ''}{en} to {head}",
        )

    def owner(self, item: Item) -> str:
        """Return who owes the result: a unit and who answers there, or an organ."""
        if item.addressed_organ is not None:
            organ = self.people.organs.get(item.addressed_organ)
            return self.of("承办机关", "owed by ") + (
                organ.name if organ else item.addressed_organ
            )
        who = f"{self.unit_name(item.lead)} {self.name(item.responsible_person)}".strip()
        return self.of("主办", "lead ") + who

    def title(self, item: Item) -> str:
        """Return its number and subject, or where it comes from."""
        if item.number is None and item.source_no is None:
            return self.of(f"待交办 {item.subject}", f"to assign: {item.subject}")
        if item.number is None:
            return self.of(
                f"待交办（来源{item.source_no}）", f"to assign (from {item.source_no})"
            )
        return f"{item.number} {item.subject or ''}".strip()

    def counts(self, screen: Screen, glue: str) -> str:
        """Return every figure of the screen."""
        return glue.join(self.figure(code, n) for code, n in screen.counts.items())

    def figure(self, code: str, n: int, words: tuple[str, str] | None = None) -> str:
        """Return one figure under its name."""
        return f"{self.of(*(words or COUNTS[code]))} {n}"

    def left(self, days: int | None) -> str:
        """Return how many working days are left."""
        n = days or 0
        return self.of(f"剩{n}个工作日", f"{n} working day{'' if n == 1 else 's'} left")

    def when(self, moment: datetime, now: datetime) -> str:
        """Return the moment as one says it today."""
        local, today = self.calendar.local(moment), self.calendar.local(now).date()
        if local.date() == today:
            return self.of("今日", "today ") + f"{local:%H:%M}"
        if local.date() == today + timedelta(days=1):
            return self.of("明日", "tomorrow ") + f"{local:%H:%M}"
        return self.of(f"{local.month}月{local.day}日{local:%H:%M}", f"{local:%m-%d %H:%M}")

    def unit_name(self, unit: str | None) -> str:
        """Return a unit's name, or its id where nobody knows it."""
        found = self.people.units.get(unit or "")
        return found.name if found else (unit or "")

    def name(self, person: str | None) -> str:
        """Return a person's name, or the id where nobody knows it."""
        found = self.people.people.get(person or "")
        return found.name if found else (person or "")

    def of(self, zh: str, en: str) -> str:
        """Return one of two languages."""
        return en if self.english else zh
