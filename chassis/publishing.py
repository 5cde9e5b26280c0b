"""What a service publishes, and where: its topics, and the relays that fill them."""

from chassis.composing import Service
from chassis.log import Topic
from chassis.parts import Parts
from chassis.relay import NAME, Relay

INTERNAL = f"{NAME}:internal"
STATE_PARTITIONS = 1
"""Of a compacted topic: it holds one record a key, and a reader wants all of them anyway."""


def topics_of(service: Service) -> list[Topic]:
    """Return the topics of *service* as they are created."""
    names = [*service.topics.values(), *service.internal_topics.values()]
    if service.compacted:
        return [Topic(name, STATE_PARTITIONS, compacted=True) for name in names]
    return [Topic(name) for name in names]


def relays_of(service: Service, parts: Parts) -> list[Relay]:
    """Return what publishes the events of *service*: to everybody, and to our own services."""
    relays = []
    for name, topics, to_public in (
        (NAME, service.topics, service.to_public),
        (INTERNAL, service.internal_topics, service.to_internal(parts)),
    ):
        if topics:
            relays.append(
                Relay(
                    parts.log,
                    topics,
                    to_public,
                    service.name,
                    source_of(service.name, parts.settings.deployment),
                    name=name,
                    compacted=service.compacted,
                )
            )
    return relays


def source_of(service: str, deployment: str) -> str:
    """Return the source that the events of *service* name."""
    return f"/shuniu/{deployment}/{service}"
