"""The demo: months of office time in a minute, then a suite that stays up."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from chassis.clock import VirtualClock
from suite.alerts import Watch
from suite.client import Client
from suite.driver import Driver
from suite.hosting import until_signalled
from suite.local import Local, Ports, local_suite
from suite.play import Play, Result
from suite.scenario import Scenario, load_scenario
from suite.stage import Terminal
from suite.state import State
from suite.why import NoStoryError, branches, correlation_of, story_of, tree

HEADS = "select subscriber, head from notifier.head"
READER = "li.juan"
NEXT = """[bold]接着可以试试[/bold]（另开一个终端；What to try next）：
  shuniu today --as sun.li                        督查科长的首页
  shuniu why 云政督〔2025〕31号                    这件事从何而来、办到哪一步
  shuniu alerts tail --as wang.lei                王磊的提醒
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
) -> int:
    """Play the scenario, or show what was played; return the exit code.

    Raises `StateError`, `PortTakenError`, `ScenarioError`, `StuckError`.
    """
    scenario = await asyncio.to_thread(load_scenario, scenario_file)
    content = await asyncio.to_thread(scenario_file.read_bytes)
    state = State(folder)
    mark = {
        "scenario": scenario.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "until": until.isoformat() if until else None,
    }
    played = _played(state) == mark and not fresh
    unfinished = not played and state.database.exists()
    console.print(f"[dim]状态保存在 {state.folder}（State lives there）[/dim]")
    with state.held(fresh=fresh or unfinished):
        console.print("[dim]启动数据库和各项服务…（Starting）[/dim]")
        async with local_suite(
            state, ports, scenario.organisation, scenario.calendar_years
        ) as local:
            console.print(f"[dim]HTTP {local.http}   gRPC {local.grpc}[/dim]")
            async with Client(local.http, local.issuer.token) as client:
                result = Result()
                if not played:
                    result = await _play(scenario, local, client, console, until)
                    if not result.differences:
                        state.played.write_text(json.dumps(mark), "utf-8")
                await _show_story(scenario, local, client, console)
            clock = local.hosted.clock
            if isinstance(clock, VirtualClock) and not once:
                await clock.run()
            if not once:
                stopping = asyncio.create_task(until_signalled())
                await asyncio.sleep(0)  # so that it listens before it says so
                console.print(NEXT.format(http=local.http))
                console.print(
                    "[dim]虚拟时间继续走；按 Ctrl-C 停止（Ctrl-C stops it）。[/dim]"
                )
                await stopping
                console.print("[dim]正在停止…（Stopping）[/dim]")
                if isinstance(clock, VirtualClock):
                    await clock.stop()
    return 1 if result.differences else 0


async def _play(
    scenario: Scenario,
    local: Local,
    client: Client,
    console: Console,
    until: datetime | None,
) -> Result:
    hosted = local.hosted
    settings = hosted.settings
    stage = Terminal(console, local.people, settings.zone)
    watch = Watch(local.grpc, local.issuer.token, list(local.people.people), stage.alert)
    await watch.start()
    notifier = hosted.running["notifier"].parts.store.pool
    clock = hosted.clock
    if not isinstance(clock, VirtualClock):
        raise TypeError("a scenario is played on the virtual clock")
    await clock.begin(scenario.steps[0].at)

    async def heads() -> dict[str, int]:
        return {row["subscriber"]: row["head"] for row in await notifier.fetch(HEADS)}

    play = Play(
        scenario=scenario,
        client=client,
        driver=Driver(clock, list(hosted.running.values())),
        watch=watch,
        heads=heads,
        stage=stage,
        people=local.people,
        calendar=next(iter(hosted.running.values())).parts.calendar,
    )
    try:
        result = await play.perform(until)
    finally:
        await watch.stop()
    _verdict(result, console)
    return result


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
    roots = branches(await story_of(client, correlation))
    console.print(tree(roots, local.people, local.hosted.settings.zone))


def _played(state: State) -> Mapping[str, Any] | None:
    try:
        mark: Mapping[str, Any] = json.loads(state.played.read_text("utf-8"))
        return mark
    except (OSError, ValueError):
        return None
