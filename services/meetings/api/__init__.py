"""The HTTP doors of meetings: one module per kind of item, and one for materials."""

from chassis.series_api import series_router
from services.meetings.api.agenda_items import router as agenda_items
from services.meetings.api.handling import router as handling
from services.meetings.api.materials import router as materials
from services.meetings.api.meetings import router as meetings
from services.meetings.api.opinions import router as opinions
from services.meetings.api.reading import router as reading

ROUTERS = (
    meetings,
    agenda_items,
    materials,
    opinions,
    handling,
    reading,
    series_router("meetings"),
)

__all__ = ["ROUTERS"]
