"""`shuniu admin timers`: what is armed, and firing or cancelling it by hand."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from suite.commands.admin_acts import Name, done, post
from suite.commands.common import JsonOption, calling, console
from suite.reaching import OPERATOR, Reach

RungOption = Annotated[str, typer.Option(help="The rung, of a ladder.")]
StreamArgument = Annotated[str, typer.Argument(help="The item's stream, e.g. matter-<id>.")]
TimerArgument = Annotated[str, typer.Argument(help="The timer's name.")]

timers_app = typer.Typer(no_args_is_help=True, help="Timers.")


@timers_app.command("list")
@calling
async def list_timers(
    reach: Reach,
    service: Name,
    fired: Annotated[bool, typer.Option("--fired", help="Those that fired, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List timers by when they are due.

    Examples:
        shuniu admin timers list supervision
    """
    path, query = f"/{service}/admin/v1/timers", {"limit": "200", "fired": str(fired)}
    found: list[dict[str, Any]] = []
    async with reach.client() as client:
        while True:
            page = await client.get(OPERATOR, path, **query)
            found += page["items"]
            if not page["next"]:
                break
            query["cursor"] = page["next"]
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    table = Table("到期 Due", "名称 Name", "流 Stream", "状态 State", box=None)
    for timer in found:
        due = datetime.fromisoformat(timer["due_at"]).astimezone(reach.calendar.zone)
        name = "/".join(filter(None, [timer["name"], timer["rung"]]))
        state = timer["error"] or ("已触发 fired" if timer["fired_at"] else "待触发 armed")
        table.add_row(f"{due:%Y-%m-%d %H:%M}", name, timer["stream_id"], state)
    console().print(table)


async def _timer(
    reach: Reach, service: str, act: str, stream: str, name: str, rung: str
) -> None:
    body = {"stream": stream, "name": name, "rung": rung}
    await post(reach, service, f"timers/{act}", body)


@timers_app.command("fire")
@calling
async def fire(
    reach: Reach,
    service: Name,
    stream: StreamArgument,
    name: TimerArgument,
    rung: RungOption = "",
) -> None:
    """Fire a timer now instead of when it is due.

    Examples:
        shuniu admin timers fire supervision matter-4c4b… overdue
    """
    await _timer(reach, service, "firing", stream, name, rung)
    done(f"{name} 已触发（fired）")


@timers_app.command("cancel")
@calling
async def cancel(
    reach: Reach,
    service: Name,
    stream: StreamArgument,
    name: TimerArgument,
    rung: RungOption = "",
) -> None:
    """Take a timer back for good.

    Examples:
        shuniu admin timers cancel supervision matter-4c4b… near
    """
    await _timer(reach, service, "cancellation", stream, name, rung)
    done(f"{name} 已取消（cancelled）")
