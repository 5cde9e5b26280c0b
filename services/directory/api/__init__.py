"""The HTTP doors of the directory: looking up, changing one entry, importing many."""

from services.directory.api.changing import router as changing
from services.directory.api.imports import router as imports
from services.directory.api.leaving import router as leaving
from services.directory.api.reading import router as reading

ROUTERS = (reading, changing, leaving, imports)

__all__ = ["ROUTERS"]
