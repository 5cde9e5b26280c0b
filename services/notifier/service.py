"""The notifier, composed: what it serves, follows and takes."""

from chassis.service import Service
from services.notifier import reactions
from services.notifier.consumers import subscriptions
from services.notifier.domain.digest import DIGEST
from services.notifier.policies import FOLDER
from services.notifier.rpc import rpc

SERVICE = Service(
    name="notifier",
    title="Shuniu notifier 提醒",
    folder=FOLDER,
    categories=(DIGEST,),
    arming={"digest": reactions.arm_digest},
    firing=reactions.firing,
    subscriptions=subscriptions,
    followers=lambda parts: [reactions.DigestDelivery(parts)],
    rpc=rpc,
    forget=reactions.forget_alerts,
)
