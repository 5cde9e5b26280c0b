"""What an operator can do: each a call at a service's admin door, recorded there."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from suite.client import Client
from suite.commands.common import UsageError, calling, console
from suite.hosting import SERVICES
from suite.reaching import OPERATOR, Reach


def _service(name: str) -> str:
    if name not in SERVICES:
        raise typer.BadParameter(f"{name} is none of {', '.join(SERVICES)}")
    return name


Name = Annotated[
    str,
    typer.Argument(help=f"Which service: {', '.join(SERVICES)}.", callback=_service),
]
TopicArgument = Annotated[str, typer.Argument(help="The topic.")]
PartitionArgument = Annotated[int, typer.Argument(min=0, help="Its partition.")]

followers_app = typer.Typer(no_args_is_help=True, help="Followers of the feed.")
projections_app = typer.Typer(no_args_is_help=True, help="Read models.")
consumers_app = typer.Typer(no_args_is_help=True, help="Partitions that a service takes.")
relay_app = typer.Typer(no_args_is_help=True, help="Publishing to the log.")

POLL_SECONDS = 0.3


def known(names: Sequence[str] | None) -> list[str]:
    """Return the services that are meant. Raises `UsageError`."""
    if unknown := set(names or ()) - SERVICES.keys():
        raise UsageError(
            f"no service is called {', '.join(unknown)}; known are: {', '.join(SERVICES)}"
        )
    return list(names or SERVICES)


def done(what: str) -> None:
    """Say that it is done."""
    console().print(f"[green]✓[/green] {what}")


async def post(reach: Reach, service: str, path: str, body: Any = None) -> dict[str, Any]:
    """Ask *service* for an act, as operator."""
    async with reach.client() as client:
        return await client.post(OPERATOR, f"/{service}/admin/v1/{path}", body)


@followers_app.command("pause")
@calling
async def pause(
    reach: Reach, service: Name, name: Annotated[str, typer.Argument()]
) -> None:
    """Let a follower stand still until it is resumed, across restarts.

    Examples:
        shuniu admin followers pause supervision relay
        shuniu admin followers pause documents projection:incoming_1
    """
    await post(reach, service, f"followers/{name}/pause")
    done(f"{service}/{name} 已暂停（paused）")


@followers_app.command("resume")
@calling
async def resume(
    reach: Reach, service: Name, name: Annotated[str, typer.Argument()]
) -> None:
    """Let a paused follower go on.

    Examples:
        shuniu admin followers resume supervision relay
    """
    await post(reach, service, f"followers/{name}/resumption")
    done(f"{service}/{name} 已恢复（resumed）")


@projections_app.command("rebuild")
@calling
async def rebuild(
    reach: Reach,
    service: Name,
    name: Annotated[str, typer.Argument(help="The read model, e.g. matters.")],
    wait: Annotated[
        bool, typer.Option(help="Show the progress until it is swapped.")
    ] = True,
) -> None:
    """Build a read model anew beside the old one, then swap. Readers notice nothing.

    Examples:
        shuniu admin projections rebuild supervision matters
        shuniu admin projections rebuild documents incoming --no-wait
    """
    async with reach.client() as client:
        path = f"/{service}/admin/v1/projections/{name}/rebuild"
        started = (await client.post(OPERATOR, path))["started"]
        done("已开始（started）" if started else "正在重建（under way already）")
        if wait:
            await _until_swapped(client, service, name, console())


async def _until_swapped(
    client: Client, service: str, name: str, terminal: Console
) -> None:
    shown: int | None = None
    while True:
        lag = await client.get(OPERATOR, f"/{service}/admin/v1/lag")
        building = [
            follower
            for follower in lag["followers"]
            if follower["name"].startswith(f"projection:{name}_")
            and follower["name"].endswith("_next")
        ]
        if not building:
            done(f"{service}/{name} 已切换（swapped）")
            return
        if error := building[0]["error"]:
            raise UsageError(f"the rebuild stands still: {error}")
        if building[0]["lag"] != shown:
            shown = building[0]["lag"]
            terminal.print(f"  还剩 {shown} 个事件（events left）")
        await asyncio.sleep(POLL_SECONDS)


async def _partition(
    reach: Reach, service: str, act: str, topic: str, partition: int
) -> None:
    body = {"topic": topic, "partition": partition}
    await post(reach, service, f"consumers/{act}", body)


@consumers_app.command("pause")
@calling
async def hold(
    reach: Reach, service: Name, topic: TopicArgument, partition: PartitionArgument
) -> None:
    """Let one partition stand still, across restarts.

    Examples:
        shuniu admin consumers pause notifier public.supervision.matter.v1 3
    """
    await _partition(reach, service, "pause", topic, partition)
    done(f"{topic}/{partition} 已暂停（paused）")


@consumers_app.command("resume")
@calling
async def go_on(
    reach: Reach, service: Name, topic: TopicArgument, partition: PartitionArgument
) -> None:
    """Let a paused partition go on.

    Examples:
        shuniu admin consumers resume notifier public.supervision.matter.v1 3
    """
    await _partition(reach, service, "resumption", topic, partition)
    done(f"{topic}/{partition} 已恢复（resumed）")


@consumers_app.command("resolve")
@calling
async def resolve(
    reach: Reach, service: Name, topic: TopicArgument, partition: PartitionArgument
) -> None:
    """Read a partition that stopped as `gap` from its beginning: repeats are dropped.

    Examples:
        shuniu admin consumers resolve notifier public.supervision.matter.v1 3
    """
    await _partition(reach, service, "gap-resolution", topic, partition)
    done(f"{topic}/{partition} 从头读起（read from its beginning）")


@relay_app.command("rewind")
@calling
async def rewind(
    reach: Reach,
    service: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Publish everything once more: only to refill a topic that was lost.

    Consumers drop what they have seen, by its id. Where newer records stand in the topic
    already, older ones come to stand behind them: pause the relay, wait until its lease
    has run out (five seconds), empty the topic, rewind, let the relay go on.

    Examples:
        shuniu admin relay rewind supervision --yes
    """
    if not yes:
        typer.confirm(f"重新发布{service}的全部公开事件（publish all again）？", abort=True)
    await post(reach, service, "relay/rewind")
    done(f"{service} 从头重新发布（publishing all again）")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(followers_app, name="followers")
    app.add_typer(projections_app, name="projections")
    app.add_typer(consumers_app, name="consumers")
    app.add_typer(relay_app, name="relay")
