"""F9: the way between two is cut, swallows everything, or is reset again and again."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING

from tests.faults.fault import Fault, Inject
from tests.faults.links import Links

if TYPE_CHECKING:
    from tests.faults.lab import Lab

CUT_SECONDS = 6.0
HOLE_SECONDS = 14.0  # a lease and a session with Kafka run out meanwhile
LONG_SECONDS = 45.0  # longer than any time-out of ours: 30 s for a statement or a request
RESETS = 8
ON_KAFKA = ("documents", "supervision", "notifier-decider")

KEPT = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I7"})


def cut(one: str, other: str, seconds: float = CUT_SECONDS) -> Inject:
    """End what is connected, and let nobody connect for so long."""
    return _for_a_while(one, other, seconds, "is cut", Links.cut)


def black_hole(one: str, other: str, seconds: float = HOLE_SECONDS) -> Inject:
    """Take connections and bytes, and let nothing through for so long."""
    return _for_a_while(one, other, seconds, "swallows everything", Links.black_hole)


def _for_a_while(
    one: str, other: str, seconds: float, told: str, spoil: Callable[[Links], None]
) -> Inject:
    async def inject(lab: "Lab", chance: Random) -> None:
        link = lab.link(_chosen(one, chance), other)
        lab.note(f"the way between {one} and {other} {told}")
        spoil(link)
        try:
            await asyncio.sleep(seconds)
        finally:
            link.heal()

    return inject


def reset(one: str, other: str) -> Inject:
    """End what is connected with RST, again and again."""

    async def inject(lab: "Lab", chance: Random) -> None:
        link = lab.link(_chosen(one, chance), other)
        lab.note(f"the way between {one} and {other} is reset {RESETS} times")
        for _ in range(RESETS):
            link.reset()
            await asyncio.sleep(chance.uniform(0.1, 1.5))

    return inject


def _chosen(one: str, chance: Random) -> str:
    return chance.choice(ON_KAFKA) if one == "a service" else one


def _fault(
    variant: str,
    told: str,
    inject: Inject,
    affected: str = "",
    *,
    cut_off: str = "",
) -> Fault:
    return Fault(
        id="F9",
        variant=variant,
        told=f"the way between {told}",
        invariants=KEPT,
        inject=inject,
        affected=frozenset(filter(None, [affected])),
        cut_off=frozenset(filter(None, [cut_off])),
    )


def _three(
    one: str,
    other: str,
    told: str,
    affected: str = "",
    *,
    cut_off: str = "",
) -> list[Fault]:
    """Return what can happen to one way."""
    named = {"postgres": f"{one}_postgres", "kafka": "kafka"}.get(other, f"client_{other}")
    named = named.replace("-", "_")
    verbs = {
        "cut": (f"{told} is cut", cut(one, other)),
        "black_hole": (f"{told} swallows everything", black_hole(one, other)),
        "reset": (f"{told} is reset again and again", reset(one, other)),
    }
    return [
        _fault(
            f"{named}_{verb}",
            said,
            inject,
            affected,
            cut_off=cut_off,
        )
        for verb, (said, inject) in verbs.items()
    ]


FAULTS: Sequence[Fault] = [
    *_three(
        "documents",
        "postgres",
        "documents and PostgreSQL",
        "documents",
    ),
    *_three("supervision", "postgres", "supervision and PostgreSQL", "supervision"),
    *_three(
        "notifier-decider", "postgres", "the decider and PostgreSQL", "notifier-decider"
    ),
    *_three(
        "notifier-streamer", "postgres", "the streamer and PostgreSQL", "notifier-streamer"
    ),
    *_three("a service", "kafka", "a service and Kafka"),
    *_three(
        "client",
        "documents",
        "clients and documents",
        "documents",
        cut_off="documents",
    ),
    *_three(
        "client",
        "notifier-streamer",
        "clients and the streamer",
        "notifier-streamer",
        cut_off="notifier-streamer",
    ),
    _fault(
        "documents_postgres_long_black_hole",
        f"documents and PostgreSQL swallows everything for {LONG_SECONDS:g} s",
        black_hole("documents", "postgres", LONG_SECONDS),
        "documents",
    ),
    _fault(
        "kafka_long_black_hole",
        f"a service and Kafka swallows everything for {LONG_SECONDS:g} s",
        black_hole("a service", "kafka", LONG_SECONDS),
    ),
]
