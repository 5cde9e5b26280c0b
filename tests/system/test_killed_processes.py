"""Every process, PostgreSQL and Kafka, each killed while the scenario is played."""

import asyncio
import itertools
import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from chassis.log.kafka import KafkaLog
from suite.acts import directory, documents, meetings, supervision
from suite.client import Client
from suite.demo import perform
from suite.driver import There
from suite.local import Ground, grounded
from suite.processes import Processes, running
from suite.scenario import Scenario
from suite.spread import prepare_topics, spread
from tests.support.havoc import Blow, Busy, Havoc
from tests.support.kafka import KafkaBroker
from tests.support.postgres import Postgres
from tests.support.scene import Played, expect_the_same, sample, settings_on

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

SEED = 20250425
LONGEST_MOMENT = 0.02  # from a command's beginning: about as long as it takes
ACTS = {
    "documents": documents.ACTS,
    "supervision": supervision.ACTS,
    "meetings": meetings.ACTS,
    "directory": directory.ACTS,
}
"""What is asked of the services that people ask something of."""

TWICE = """
select subscriber, alert_id from notifier.mailbox group by 1, 2 having count(*) > 1
"""
GAPS = """
select subscriber from notifier.mailbox group by 1
having min(sequence) <> 1 or max(sequence) <> count(*)
"""


async def test_whatever_is_killed_the_same_comes_of_it_and_nothing_is_done_twice(
    quiet: Played, tmp_path: Path
) -> None:
    with Postgres() as postgres, KafkaBroker() as kafka:
        if not kafka.is_ours:
            pytest.skip("needs a broker of its own: unset KAFKA_BOOTSTRAP_SERVERS")
        await play(postgres, kafka, tmp_path, quiet)


async def play(postgres: Postgres, kafka: KafkaBroker, folder: Path, quiet: Played) -> None:
    on_kafka = {"log": "kafka", "kafka_bootstrap_servers": kafka.bootstrap}
    settings = settings_on(postgres, folder / "keys", **on_kafka)
    log = KafkaLog(kafka.bootstrap)
    await prepare_topics(log, kafka.bootstrap, fresh=True)
    async with (
        grounded(settings, folder / "keys") as ground,
        running(settings, folder / "logs") as processes,
        Client(processes.addresses, ground.issuer.token) as looking,
    ):
        local = spread(ground, log, processes)
        async with (
            Busy(local.addresses, ground.issuer.token, patience=local.patience) as client,
            asyncio.TaskGroup() as tasks,  # what cannot come back ends the play
        ):
            havoc = Havoc(tasks)
            blows = [
                *blows_on_processes(processes, client, looking, ground, havoc),
                Blow("postgres", partial(any_command, client), partial(dies, postgres)),
                Blow("kafka", partial(telling, looking), partial(dies, kafka)),
            ]
            plan(havoc, sample(), blows)
            result, came = await perform(sample(), local, client, havoc)
            havoc.end()
    await log.close()
    assert havoc.hits.keys() == {blow.name for blow in blows}, havoc.hits
    assert len(havoc.hits) == len(processes.programs) + 2
    assert result.differences == []
    expect_the_same(came, quiet.came)
    await expect_nobody_told_twice(postgres)


def blows_on_processes(
    processes: Processes, client: Busy, looking: Client, ground: Ground, havoc: Havoc
) -> list[Blow]:
    """Return one for each: amid a command, or amid the work that events leave it with."""
    chance = random.Random(SEED)  # noqa: S311 the same moments in every run

    async def asked(service: str) -> str:
        if client.unanswered(service):
            await asyncio.sleep(chance.uniform(0, LONGEST_MOMENT))
        return client.unanswered(service)

    async def deciding() -> str:
        lag = await There(looking, "notifier").lag()
        left = [p.topic for p in lag.consumers if p.lag] if lag else []
        return f"records of {', '.join(left)}" if left else ""

    async def streaming() -> str:
        heads = await ground.heads()
        late = [who for who, head in heads.items() if head > havoc.arrived.get(who, 0)]
        return f"alerts of {', '.join(late)}" if late else ""

    at_work = {
        "notifier-decider": deciding,
        "notifier-streamer": streaming,
    }
    return [
        Blow(
            name,
            at_work.get(name, partial(asked, program.service)),
            partial(processes.restart, name),
        )
        for name, program in processes.programs.items()
    ]


def plan(havoc: Havoc, scenario: Scenario, blows: Sequence[Blow]) -> None:
    """Let each fall from a step on that the seed chooses: at its own acts, or at any of those."""
    chance = random.Random(SEED)  # noqa: S311 the same steps in every run
    acts = [(n, step.do) for n, step in enumerate(scenario.steps, 1)]
    own = {
        name: chance.choice([n for n, act in acts if act in known])
        for name, known in ACTS.items()
    }
    others = itertools.cycle(own.values())  # several at once: to come back takes seconds
    for blow in blows:
        havoc.plan(own.get(blow.name) or next(others), blow)


async def any_command(client: Busy) -> str:
    """Return a command that somebody has in hand."""
    return client.unanswered()


async def telling(looking: Client) -> str:
    """Return what a relay has still to tell."""
    lag = await There(looking, "supervision").lag()
    left = [f for f in lag.followers if f.name == "relay" and f.lag] if lag else []
    return f"{left[0].lag} events of supervision" if left else ""


async def dies(server: Postgres | KafkaBroker) -> None:
    """Kill a server, and let it come back."""
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)


async def expect_nobody_told_twice(postgres: Postgres) -> None:
    connection = await asyncpg.connect(postgres.dsn("notifier"))
    assert not await connection.fetch(TWICE)
    assert not await connection.fetch(GAPS)
    await connection.close()
