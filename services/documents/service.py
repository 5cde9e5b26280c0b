"""Documents, composed: what it serves, follows and takes."""

from pathlib import Path

from chassis.series import NUMBER_SERIES
from chassis.service import Service
from services.documents import contracts, reactions
from services.documents.api import ROUTERS
from services.documents.consumers import subscriptions
from services.documents.domain.incoming.document import INCOMING
from services.documents.domain.outgoing.document import OUTGOING
from services.documents.projections.incoming import INCOMING_REGISTER
from services.documents.projections.outgoing import OUTGOING_REGISTER

SERVICE = Service(
    name="documents",
    title="Shuniu documents 办文",
    folder=Path(__file__).parent,
    categories=(INCOMING, OUTGOING, NUMBER_SERIES),
    projections=(INCOMING_REGISTER, OUTGOING_REGISTER),
    topics=contracts.TOPICS,
    to_public=contracts.to_public,
    arming={"incoming": reactions.arm_incoming},
    firing=reactions.firing,
    reactions=reactions.reactions,
    subscriptions=subscriptions,
    routers=ROUTERS,
)
