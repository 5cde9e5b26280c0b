"""Working days and the deadlines counted in them, by the calendar of the State Council.

Pure: standard library only, no clock, no I/O; `chassis.calendars` loads the notices.
"""

from chassis.workdays.counting import (
    SHANGHAI,
    Calendar,
    CalendarError,
    Deadline,
    YearCalendar,
)
from chassis.workdays.wording import explain

__all__ = [
    "SHANGHAI",
    "Calendar",
    "CalendarError",
    "Deadline",
    "YearCalendar",
    "explain",
]
