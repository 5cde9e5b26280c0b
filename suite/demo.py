"""The demo: months of office time in a minute, then a suite that stays up."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from suite.acts.score import SCORES
from suite.alerts import Watch
from suite.client import Client
from suite.driver import Driver, StuckError
from suite.ending import until_signalled
from suite.local import Local, Ports, local_suite
from suite.outcomes import outcomes, written
from suite.play import Play, Result, Stage
from suite.scenario import Scenario, load_scenario
from suite.score_lines import Shown
from suite.spread import spread_suite
from suite.stage import Terminal
from suite.state import State
from suite.why import NoStoryError, branches, correlation_of, story_of, tree

READER = "li.juan"
OPEN_SECONDS = 60.0
NEXT = """[bold]接着可以试试[/bold]（另开一个终端；What to try next）：
  shuniu today --as sun.li                        督查科长的首页
  shuniu why 云政督〔2025〕31号                    这件事从何而来、办到哪一步
  shuniu alerts tail --as sun.li                  孙立的提醒
  shuniu events tail --unit 县水利局               发给外单位系统的公开事件
  shuniu admin lag                                各服务的进度
  HTTP 接口文档 {http}/documents/v1/docs"""


async def run_demo(
    folder: Path,
    scenario_file: Path,
    ports: Ports,
    *,
    once: bool,
    fresh: bool,
    until: datetime | None,
    console: Console,
    kafka: str | None = None,
) -> int:
    """Play the scenario, or show what was played; return the exit code.

    In processes of their own on *kafka*, or else in this one. Raises `StateError`,
    `PortTakenError`, `ScenarioError`, `StuckError`, `LogError`, `ProcessError`.
    """
    scenario = await asyncio.to_thread(load_scenario, scenario_file)
    content = await asyncio.to_thread(scenario_file.read_bytes)
    state = State(folder)
    mark = {
        "scenario": scenario.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "until": until.isoformat() if until else None,
        "kafka": kafka,
    }
    played = _played(state) == mark and not fresh
    unfinished = not played and state.database.exists()
    console.print(f"[dim]状态保存在 {state.folder}（State lives there）[/dim]")
    with state.held(fresh=fresh or unfinished):
        console.print("[dim]启动数据库和各项服务…（Starting）[/dim]")
        organisation, years = scenario.organisation, scenario.calendar_years
        suite = (
            spread_suite(state, kafka, organisation, years)
            if kafka
            else local_suite(state, ports, organisation, years)
        )
        async with suite as local, local.client() as client:
            console.print(f"[dim]{_where(local)}[/dim]")
            result = Result()
            if not played:
                stage = Terminal(console, local.ground.people, local.ground.settings.zone)
                result, came = await perform(scenario, local, client, stage, until)
                state.outcomes.write_text(written(came), "utf-8")
                _verdict(result, console)
                if not result.differences:
                    state.played.write_text(json.dumps(mark), "utf-8")
            await _show_story(scenario, local, client, console)
            if not once:
                await _stay(local, console)
    return 1 if result.differences else 0


async def perform(
    scenario: Scenario,
    local: Local,
    client: Client,
    stage: Stage,
    until: datetime | None = None,
) -> tuple[Result, dict[str, Any]]:
    """Play *scenario* on *local*; return what was not as expected, and what came of it.

    Raises `StuckError`.
    """
    ground = local.ground
    watch = Watch(local.grpc, ground.issuer.token, list(ground.people.people), stage.alert)
    try:
        await _opened(watch, local.grpc)
        await ground.clock.begin(scenario.steps[0].at)
        async with Client(local.addresses, ground.issuer.token) as looking:
            play = Play(
                scenario=scenario,
                client=client,
                driver=Driver(ground.clock, local.looked(looking)),
                watch=watch,
                heads=ground.heads,
                services=list(local.addresses),
                stage=stage,
                people=ground.people,
                calendar=ground.calendar,
            )
            result = await play.perform(until)
    finally:
        await watch.stop()
    return result, await outcomes(client, local.log, watch.arrived)


async def _opened(watch: Watch, address: str) -> None:
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await watch.start()
    except TimeoutError:
        raise StuckError(f"nobody serves alerts at {address}") from None


async def _stay(local: Local, console: Console) -> None:
    clock = local.ground.clock
    await clock.run()
    stopping = asyncio.create_task(until_signalled())
    await asyncio.sleep(0)  # so that it listens before it says so
    console.print(NEXT.format(http=local.http))
    console.print("[dim]虚拟时间继续走；按 Ctrl-C 停止（Ctrl-C stops it）。[/dim]")
    await stopping
    console.print("[dim]正在停止…（Stopping）[/dim]")
    await clock.stop()


def _where(local: Local) -> str:
    if set(local.addresses.values()) != {local.http}:
        listed = [f"HTTP {at}   {name}" for name, at in local.addresses.items()]
        return "\n".join([*listed, f"gRPC {local.grpc}"])
    return f"HTTP {local.http}   gRPC {local.grpc}"


def _verdict(result: Result, console: Console) -> None:
    if result.differences:
        console.print("[bold red]与预期不符（Not as expected）：[/bold red]")
        for difference in result.differences:
            console.print(f"  ✗ {difference}", markup=False)
    else:
        console.print("[bold green]✓ 全部符合预期（All as expected）[/bold green]")


async def _show_story(
    scenario: Scenario, local: Local, client: Client, console: Console
) -> None:
    try:
        correlation = await correlation_of(client, scenario.story, [READER])
    except NoStoryError:
        return  # it was stopped before the story had its number
    people, zone = local.ground.people, local.ground.settings.zone
    console.print(tree(branches(await story_of(client, correlation)), people, zone))
    for organ in people.organs:
        for reader in people.with_function("section_head", "supervision", organ):
            for score in (await client.get(reader, SCORES))["items"]:
                found = await client.get(reader, f"{SCORES}/{score['score_id']}")
                for line in Shown(people, zone).lines(found):
                    console.print(line)


def _played(state: State) -> Mapping[str, Any] | None:
    try:
        mark: Mapping[str, Any] = json.loads(state.played.read_text("utf-8"))
        return mark
    except (OSError, ValueError):
        return None
