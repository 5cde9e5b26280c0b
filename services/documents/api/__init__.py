"""The HTTP doors of documents: one module per kind, bodies and routes."""

from chassis.series_api import series_router
from services.documents.api.incoming import router as incoming
from services.documents.api.outgoing import router as outgoing
from services.documents.api.today import router as today

ROUTERS = (incoming, outgoing, today, series_router("documents"))

__all__ = ["ROUTERS"]
