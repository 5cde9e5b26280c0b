"""The arithmetic of a deadline in words, as it stands on a notice or a screen.

A rule that is not counted here shows its hour and its name. To word a new one, add its
templates (Chinese, English) to `_SAY` and a case to `explain`.
"""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from chassis.workdays.counting import DAY, Calendar, Deadline

_FESTIVALS = {
    "元旦": ("元旦", "New Year"),
    "春节": ("春节", "Spring Festival"),
    "清明节": ("清明", "Qingming"),
    "劳动节": ("五一", "Labour Day"),
    "端午节": ("端午", "Dragon Boat"),
    "中秋节": ("中秋", "Mid-Autumn"),
    "国庆节": ("国庆", "National Day"),
}
_SAY = {
    "day": ("{0.month}月{0.day}日", "{0:%m-%d}"),
    "short": ("{0.month}/{0.day}", "{0:%m-%d}"),
    "make-up": ("{}班", "{} make-up"),
    "gap": (" ", ", "),
    "and": ("", ", "),
    "off": ("{}休{}天", "{}: {} day{} off"),
    "P-WD": ("{}+{}个工作日", "{} + {} working day{}"),
    "P-MONTH": ("{}+{}个月", "{} + {} month{}"),
    "P-BACK": ("{0}前{1}日", "{1} day{2} before {0}"),
    "kept": ("最后一日{}", "last day {}"),
    "P-MONTH moved": (
        "最后一日{}休，顺延至{}",
        "last day {} is off, moved on to {}",
    ),
    "P-BACK moved": (
        "最后一日{}休，提前至{}",
        "last day {} is off, brought forward to {}",
    ),
    "named": ("指明时点", "the hour was named"),
    "provisional": ("暂定", "provisional"),
    "next": ("；", "; "),
    "whole": ("{}（{}）", "{} ({})"),
}


def explain(deadline: Deadline, calendar: Calendar, language: str = "zh") -> str:
    """Return the arithmetic of *deadline* as the office reads it, in `zh` or `en`.

    What was off in between is read from *calendar* as it is now.
    """
    tongue = int(language == "en")

    def say(key: str, *facts: object) -> str:
        return _SAY[key][tongue].format(*facts)

    def short(day: date) -> str:
        text = say("short", day)
        return say("make-up", text) if calendar.is_make_up(day) else text

    def head(count: int) -> str:
        return say(deadline.rule, say("day", deadline.start), count, "s" * (count != 1))

    start, last = deadline.start, calendar.day_of(deadline.due)
    rule, day = deadline.rule, deadline.statutory_last_day
    if rule == "P-WD":
        counted = deadline.counted
        parts = [head(len(counted)), say("gap").join(map(short, counted or (last,)))]
        for festivals, days in _skipped(start, last, calendar):
            names = [_FESTIVALS.get(name, (name, name))[tongue] for name in festivals]
            parts.append(say("off", say("and").join(names), days, "s" * (days != 1)))
    elif day is not None and rule in {"P-MONTH", "P-BACK"}:
        months = (day.year - start.year) * 12 + day.month - start.month
        parts = [head(months if rule == "P-MONTH" else (start - day).days)]
        key = "kept" if day == last else f"{rule} moved"
        parts.append(say(key, short(day), short(last)))
    else:
        local = calendar.local(deadline.due)
        hour = f"{local:%H:%M}" if local.date() == last else "24:00"
        parts = [f"{say('day', last)} {hour}", say("named") if rule == "named" else rule]
    if deadline.provisional:
        parts.append(say("provisional"))
    return say("whole", parts[0], say("next").join(parts[1:]))


def _skipped(
    start: date, last: date, calendar: Calendar
) -> Iterator[tuple[list[str], int]]:
    """Yield festivals and length of each run of rest days that is more than a weekend."""
    days = (start + n * DAY for n in range(1, (last - start).days))
    for works, run in groupby(days, calendar.is_work_day):
        rest = [] if works else list(run)
        names = "、".join(filter(None, map(calendar.festival, rest)))
        if names:
            yield list(dict.fromkeys(names.split("、"))), len(rest)
