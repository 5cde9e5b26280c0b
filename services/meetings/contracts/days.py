"""Days on the wire: yyyy-mm-dd, as the office's calendar names them."""

from datetime import date


def day_text(day: date | None) -> str | None:
    """Return *day* for a message's field; None leaves the field unset."""
    return None if day is None else day.isoformat()
