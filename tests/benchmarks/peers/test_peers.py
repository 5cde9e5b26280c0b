"""Peers are measured by the same rules as we are, and everything they do is counted."""

import asyncio
from collections.abc import Iterator
from random import Random
from uuid import UUID

import pytest

from chassis.store.shards import SHARDS
from chassis.store.shards import shard_of as of_the_store
from tests.benchmarks.by_hand import shard_of
from tests.benchmarks.figures import Run, Tally
from tests.benchmarks.lab import QUICK, Lab
from tests.benchmarks.peers.environment import NOT_HERE, peers_are_here
from tests.benchmarks.peers.eventsourcing import eventsourcing_on
from tests.benchmarks.relay_latency import waited
from tests.benchmarks.servers import DurablePostgres

SECONDS = 0.3


@pytest.fixture
def lab() -> Iterator[Lab]:
    postgres = DurablePostgres()  # who needs it starts it
    yield Lab(
        postgres=postgres,
        kafka=None,
        sizes=QUICK,
        chance=Random(1),  # noqa: S311 it has to be repeatable
        fsync="native",
        say=lambda _: None,
    )
    postgres.close()


def test_the_floor_and_its_peers_write_to_the_shard_that_the_store_does() -> None:
    streams = [f"counter-{UUID(int=n)}" for n in range(100)]

    assert [shard_of(stream) for stream in streams] == [of_the_store(s) for s in streams]
    assert {shard_of(stream) for stream in streams} == set(range(SHARDS))


def test_a_latency_ends_with_the_first_record_and_what_came_again_is_counted() -> None:
    begun = {"a": 1.0, "b": 2.0}
    came = [("before", 0.5), ("a", 1.002), ("b", 2.004), ("a", 1.9)]

    run = waited(begun, came, 3)

    assert run.measures["p50"] == pytest.approx(2)
    assert run.measures["p99"] == pytest.approx(4)
    assert run.tally == Tally(expected=3, found=3, distinct=2)


async def test_each_side_goes_first_in_its_turn(lab: Lab) -> None:
    order: list[str] = []

    def side(name: str) -> Run:
        order.append(name)
        return Run(
            measures={}, events=0, tally=Tally(expected=0, found=0, distinct=0), cpu={}
        )

    async def ours() -> Run:
        return side("ours")

    async def floor() -> Run:
        return side("floor")

    async def beside() -> Run:
        return side("peer")

    runs = await lab.in_turn("turns", {"ours": ours, "floor": floor, "peer": beside})

    assert "".join(name[0] for name in order) == "ofp" + "fpo" + "pof"
    assert {name: len(taken) for name, taken in runs.items()} == dict.fromkeys(runs, 3)


@pytest.mark.postgres
async def test_whatever_the_library_says_it_saved_is_found_in_its_table(lab: Lab) -> None:
    if not peers_are_here():
        pytest.skip(NOT_HERE)
    await asyncio.to_thread(lab.postgres.start)
    async with eventsourcing_on(lab, 4) as libraries:
        for library in libraries.values():
            run = await library.append(4, 3, SECONDS)
            assert run.events > 0
            assert run.tally == Tally(
                expected=run.events, found=run.events, distinct=run.events
            )
