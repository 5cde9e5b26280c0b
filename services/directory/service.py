"""The directory, composed: what it serves and follows."""

from pathlib import Path

from chassis.service import Service
from services.directory import contracts, reactions
from services.directory.api import ROUTERS
from services.directory.domain.organ import ORGANS
from services.directory.domain.person import PEOPLE
from services.directory.domain.unit import UNITS
from services.directory.projections.entries import PROJECTION

SERVICE = Service(
    name="directory",
    title="Shuniu directory 机构人员",
    folder=Path(__file__).parent,
    categories=(ORGANS, UNITS, PEOPLE),
    projections=(PROJECTION,),
    topics=contracts.TOPICS,
    to_public=contracts.to_public,
    internal_topics=contracts.INTERNAL_TOPICS,
    to_internal=lambda parts: contracts.internal(parts.keys),
    compacted=True,
    reactions=reactions.reactions,
    routers=ROUTERS,
    replica=False,
)
