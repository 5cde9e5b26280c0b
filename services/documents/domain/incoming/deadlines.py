"""When an incoming document is due, and how far a moment lies from it."""

from datetime import datetime, timedelta
from typing import Final

from chassis.workdays import CalendarError
from services.documents.domain.incoming import refusals
from services.documents.domain.incoming.commands import ReceiveDocument

MINUTE: Final = timedelta(minutes=1)


def register_due(command: ReceiveDocument) -> datetime | None:
    """Return when it is to be registered, around the clock (P-NODE)."""
    minutes = command.limits.register_minutes.get(command.urgency)
    return None if minutes is None else command.received_at + minutes * MINUTE


def answer_near(command: ReceiveDocument) -> datetime | None:
    """Return when the date that the sender set draws near (P-NEAR), or refuse that date."""
    if command.outside_due is None:
        return None
    if command.outside_due <= command.received_at:
        raise refusals.DueBeforeReceiptError
    calendar = command.calendar
    start = calendar.local(command.received_at).date()
    try:
        return calendar.near(command.outside_due, start)
    except (CalendarError, OverflowError) as error:
        day = command.outside_due.date()
        raise refusals.CalendarMissingError(day=day) from error


def minutes_before(due: datetime | None, moment: datetime) -> int | None:
    """Return the whole minutes from *moment* to *due*; late, a started minute counts."""
    return None if due is None else (due - moment) // MINUTE
