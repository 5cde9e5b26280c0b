"""Supervision, composed: what it serves, follows and takes."""

from pathlib import Path

from chassis.series import NUMBER_SERIES
from chassis.service import Service
from services.supervision import contracts, reactions
from services.supervision.api import ROUTERS
from services.supervision.consumers import subscriptions
from services.supervision.domain.matter import MATTER
from services.supervision.projections.matters import MATTERS

SERVICE = Service(
    name="supervision",
    title="Shuniu supervision 督查督办",
    folder=Path(__file__).parent,
    categories=(MATTER, NUMBER_SERIES),
    projections=(MATTERS,),
    topics=contracts.TOPICS,
    to_public=contracts.to_public,
    arming={"matter": reactions.arm_matter},
    firing=reactions.firing,
    subscriptions=subscriptions,
    routers=ROUTERS,
)
