"""Every process, PostgreSQL and Kafka, each killed while the scenario is played."""

import asyncio
import itertools
import random
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from chassis.log.kafka import KafkaLog
from suite.demo import perform
from suite.issuer import OPERATOR
from suite.local import grounded
from suite.processes import Processes, running
from suite.scenario import Scenario
from suite.spread import prepare_topics, spread
from tests.support.kafka import KafkaBroker
from tests.support.postgres import Postgres
from tests.support.scene import Happening, Havoc, quiet_outcomes, sample, settings_on

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

SEED = 20250425
BLOWS = 4  # the steps at which things die, several at once: to come back takes ten seconds
EARLIEST = 4  # the first steps only open series
LONGEST_MOMENT = 0.02  # from an act's beginning: about as long as it takes
AT: Mapping[str, frozenset[str]] = {
    "documents": frozenset({"register_document", "give_instruction", "answer_document"}),
    "supervision": frozenset({"assign_matter", "receive_matter", "give_feedback"}),
}
"""The acts that a service is killed in the middle of; another one at any act."""

TWICE = """
select subscriber, alert_id from notifier.mailbox group by 1, 2 having count(*) > 1
"""
GAPS = """
select subscriber from notifier.mailbox group by 1
having min(sequence) <> 1 or max(sequence) <> count(*)
"""


async def test_whatever_is_killed_the_same_comes_of_it_and_nothing_is_done_twice(
    tmp_path: Path,
) -> None:
    with Postgres() as postgres, KafkaBroker() as kafka:
        if not kafka.is_ours:
            pytest.skip("needs a broker of its own: unset KAFKA_BOOTSTRAP_SERVERS")
        await play(postgres, kafka, tmp_path)


async def play(postgres: Postgres, kafka: KafkaBroker, folder: Path) -> None:
    on_kafka = {"log": "kafka", "kafka_bootstrap_servers": kafka.bootstrap}
    settings = settings_on(postgres, folder / "keys", **on_kafka)
    log = KafkaLog(kafka.bootstrap)
    await prepare_topics(log, kafka.bootstrap, fresh=True)
    async with (
        grounded(settings, folder / "keys") as ground,
        running(settings, folder / "logs") as processes,
        spread(ground, log, processes).client() as client,
    ):
        async with asyncio.TaskGroup() as tasks:  # what cannot come back ends the play
            havoc = Havoc(tasks)
            others = [partial(dies, postgres), partial(dies, kafka)]
            plan(havoc, sample(), processes, others)
            local = spread(ground, log, processes)
            result, came = await perform(sample(), local, client, havoc)
        assert havoc.over
        for service in local.addresses:
            path = f"/{service}/admin/v1/verification"
            assert (await client.get(OPERATOR, path))["intact"], service
    await log.close()
    assert result.differences == []
    quiet = quiet_outcomes()
    for kind in quiet:
        assert came[kind] == quiet[kind], kind
    await expect_nobody_told_twice(postgres)


def plan(
    havoc: Havoc, scenario: Scenario, processes: Processes, others: Sequence[Happening]
) -> None:
    """Let each process and each of *others* die once, at blows that the seed chooses."""
    chance = random.Random(SEED)  # noqa: S311 the same blows in every run
    acts = {n: s.do for n, s in enumerate(scenario.steps, 1) if s.do and n >= EARLIEST}
    blows = sorted(chance.sample(sorted(acts), BLOWS))
    for name, program in processes.programs.items():
        own = [n for n, act in acts.items() if act in AT.get(program.service, ())]
        step = chance.choice(own or blows)
        moment = chance.uniform(0, LONGEST_MOMENT)
        havoc.plan(step, partial(restarted, processes, name, moment))
    for step, other in zip(itertools.cycle(blows), others, strict=False):
        havoc.plan(step, other)


async def restarted(processes: Processes, name: str, moment: float) -> None:
    """Kill one in the middle of an act, and let it come back."""
    await asyncio.sleep(moment)
    await processes.restart(name)


async def dies(server: Postgres | KafkaBroker) -> None:
    """Kill a server, and let it come back."""
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)


async def expect_nobody_told_twice(postgres: Postgres) -> None:
    connection = await asyncpg.connect(postgres.dsn("notifier"))
    assert not await connection.fetch(TWICE)
    assert not await connection.fetch(GAPS)
    await connection.close()
