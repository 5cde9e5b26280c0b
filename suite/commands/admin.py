"""`shuniu admin`: looking at how the services run. What changes that is in `admin_acts`."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from suite.commands import admin_acts
from suite.commands.admin_acts import Name
from suite.commands.admin_epoch import declare
from suite.commands.admin_parked import parked_app
from suite.commands.admin_timers import timers_app
from suite.commands.common import JsonOption, calling, console, timers_shown
from suite.hosting import SERVICES
from suite.reaching import OPERATOR, Reach

admin_app = typer.Typer(
    no_args_is_help=True,
    help="运维: how the services run, and what an operator can do about it. "
    "Needs the operator role; every act is recorded.",
)

Names = Annotated[list[str] | None, typer.Argument(help="Which services. (default: all)")]
AfterOption = Annotated[int, typer.Option(min=0, help="Only what comes after it.")]
LimitOption = Annotated[int, typer.Option(min=1, max=200, help="How many at most.")]


@admin_app.command("lag")
@calling
async def lag(
    reach: Reach,
    services: Names = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Every second, until Ctrl-C.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """进度: what followers, consumers and timers have still to do, and what stops them.

    Examples:
        shuniu admin lag
        shuniu admin lag supervision --watch
    """
    async with reach.client() as client:
        while True:
            names = admin_acts.known(services)
            paths = [client.get(OPERATOR, f"/{name}/admin/v1/lag") for name in names]
            lags = dict(zip(names, await asyncio.gather(*paths), strict=True))
            if as_json:
                print(json.dumps(lags, ensure_ascii=False), flush=True)
            else:
                terminal = console()
                if watch and terminal.is_terminal:
                    terminal.clear()
                _show_lag(lags, terminal, reach)
            if not watch:
                return
            await asyncio.sleep(1)


def _show_lag(lags: Mapping[str, Any], terminal: Console, reach: Reach) -> None:
    table = Table("服务 Service", "什么 What", "剩余 Lag", "状态 State", box=None)
    for name, lag in lags.items():
        for follower in lag["followers"]:
            state = _state(follower["paused"], follower["error"])
            table.add_row(name, follower["name"], str(follower["lag"]), state)
        topics: dict[str, list[Mapping[str, Any]]] = {}
        for place in lag["consumers"]:
            topics.setdefault(place["topic"], []).append(place)
        for topic, places in topics.items():
            paused = any(place["paused"] for place in places)
            gaps = [f"{p['partition']}: {p['gap']}" for p in places if p["gap"]]
            left = str(sum(place["lag"] for place in places))
            table.add_row(name, topic, left, _state(paused, "; ".join(gaps)))
        due = lag["next_due"]
        when = f"下次 next {_when(due, reach)}" if due else ""
        armed = f"timers ({timers_shown(lag['timers_armed'])})"
        table.add_row(name, armed, timers_shown(lag["timers_due"]), when)
        for consumer, records in lag["parked"].items():
            table.add_row(
                name, f"parked: {consumer}", str(records), "[red]待处理 waiting[/red]"
            )
    terminal.print(table)


def _state(paused: bool, error: str | None) -> str:
    if error:
        return f"[red]{error}[/red]"
    return "[yellow]暂停 paused[/yellow]" if paused else "正常 ok"


@admin_app.command("events")
@calling
async def events(
    reach: Reach,
    service: Name,
    after: AfterOption = 0,
    limit: LimitOption = 50,
    kind: Annotated[
        str | None, typer.Option("--type", help="Of one type, e.g. matter.Opened.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """事件: a service's stored events, without their text, in the order of the feed.

    Examples:
        shuniu admin events supervision --limit 20
        shuniu admin events documents --type incoming.InstructionGiven --json
    """
    query: dict[str, Any] = {"after": after, "limit": limit}
    if kind:
        query["type"] = kind
    await _list_events(reach, [f"/{service}/admin/v1/events"], as_json, query)


@admin_app.command("stream")
@calling
async def stream(
    reach: Reach,
    service: Name,
    stream_id: Annotated[str, typer.Argument(help="E.g. matter-<id>.")],
    after: AfterOption = 0,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """一件事的事件: the events of one item.

    Examples:
        shuniu admin stream supervision matter-4c4b7a1e-0d0f-5c43-9a6c-6c0c9a4f3f10
    """
    path = f"/{service}/admin/v1/streams/{stream_id}"
    await _list_events(reach, [path], as_json, {"after": after, "limit": limit})


@admin_app.command("correlation")
@calling
async def correlation(
    reach: Reach,
    story: Annotated[str, typer.Argument(help="A correlation id.")],
    as_json: JsonOption = False,
) -> None:
    """一条因果链的事件: every service's part of a causal chain, in the order of time.

    Examples:
        shuniu admin correlation 4c4b7a1e-0d0f-5c43-9a6c-6c0c9a4f3f10
    """
    paths = [f"/{name}/admin/v1/correlations/{story}" for name in SERVICES]
    await _list_events(reach, paths, as_json, {})


async def _list_events(
    reach: Reach, paths: Sequence[str], as_json: bool, query: Mapping[str, Any]
) -> None:
    async with reach.client() as client:
        found = [e for path in paths for e in await client.get(OPERATOR, path, **query)]
    if len(paths) > 1:
        found.sort(key=lambda e: (e["occurred_at"], e["recorded_at"]))
    if as_json:
        for event in found:
            print(json.dumps(event, ensure_ascii=False))
        return
    table = Table(
        "位置 Position", "时间 Time", "类型 Type", "谁 Actor", "流 Stream", box=None
    )
    for event in found:
        table.add_row(
            str(event["position"]),
            _when(event["occurred_at"], reach),
            f"{event['type']} {event['label_zh']}",
            event["actor"],
            f"{event['stream']} v{event['version']}",
        )
    console().print(table)


@admin_app.command("verify")
@calling
async def verify(reach: Reach, services: Names = None, as_json: JsonOption = False) -> None:
    """校验: verify the hash chain of every stream. Exit code 1 where one is broken.

    Examples:
        shuniu admin verify
        shuniu admin verify documents
    """
    found = {}
    async with reach.client() as client:
        for name in admin_acts.known(services):
            found[name] = await client.get(OPERATOR, f"/{name}/admin/v1/verification")
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for name, result in found.items():
            intact = result["intact"]
            said = "[green]✓ 完好 intact[/green]" if intact else "[red]✗ 有损 broken[/red]"
            console().print(f"{name}  {said}")
            for fault in result["faults"]:
                console().print(f"  {json.dumps(fault, ensure_ascii=False)}", markup=False)
    if not all(result["intact"] for result in found.values()):
        raise typer.Exit(1)


def _when(written: str, reach: Reach) -> str:
    local = datetime.fromisoformat(written).astimezone(reach.calendar.zone)
    return f"{local:%Y-%m-%d %H:%M}"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    admin_acts.register(admin_app)
    admin_app.add_typer(timers_app, name="timers")
    admin_app.add_typer(parked_app, name="parked")
    admin_app.command("new-epoch")(declare)
    app.add_typer(admin_app, name="admin")
