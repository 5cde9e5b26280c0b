"""Supervision, composed: what it serves, follows and takes."""

from pathlib import Path

from chassis.series import NUMBER_SERIES
from chassis.service import Service
from services.supervision import contracts, reactions
from services.supervision.api import ROUTERS
from services.supervision.consumers import subscriptions
from services.supervision.domain.evaluation.score import SCORE
from services.supervision.domain.matter import MATTER
from services.supervision.policies import check
from services.supervision.projections.ledger import LEDGER
from services.supervision.projections.matters import MATTERS

SERVICE = Service(
    name="supervision",
    title="Shuniu supervision 督查督办",
    folder=Path(__file__).parent,
    categories=(MATTER, SCORE, NUMBER_SERIES),
    projections=(MATTERS, LEDGER),
    topics=contracts.TOPICS,
    to_public=contracts.to_public,
    arming={"matter": reactions.arm_matter},
    firing=reactions.firing,
    reactions=reactions.reactions,
    subscriptions=subscriptions,
    routers=ROUTERS,
    check=check,
)
