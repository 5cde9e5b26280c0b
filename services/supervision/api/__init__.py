"""The HTTP doors of supervision: one module per part of a matter's life, bodies and routes."""

from chassis.series_api import series_router
from services.supervision.api.assigning import router as assigning
from services.supervision.api.opening import router as opening
from services.supervision.api.reading import router as reading
from services.supervision.api.reporting import router as reporting
from services.supervision.api.scores import router as scores
from services.supervision.api.today import router as today
from services.supervision.api.urging import router as urging

ROUTERS = (
    opening,
    assigning,
    urging,
    reporting,
    reading,
    today,
    scores,
    series_router("supervision"),
)

__all__ = ["ROUTERS"]
