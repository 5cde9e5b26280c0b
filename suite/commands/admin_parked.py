"""`shuniu admin parked`: the records that could not be handled, and what to do with them."""

import base64
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from suite.commands.admin_acts import Name, done
from suite.commands.common import JsonOption, UsageError, calling, console
from suite.reaching import OPERATOR, Reach

ParkedId = Annotated[int, typer.Argument(help="Its id in `parked list`.")]
ConsumerOption = Annotated[
    str | None, typer.Option(help="Whose. (default: <service>.main)")
]

parked_app = typer.Typer(no_args_is_help=True, help="Records that could not be handled.")


@parked_app.command("list")
@calling
async def list_parked(
    reach: Reach,
    service: Name,
    consumer: ConsumerOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the records that wait, of every consumer of the service.

    Examples:
        shuniu admin parked list notifier
    """
    found: list[dict[str, Any]] = []
    async with reach.client() as client:
        lag = await client.get(OPERATOR, f"/{service}/admin/v1/lag")
        for name in [consumer] if consumer else sorted(lag["parked"]):
            query: dict[str, Any] = {"consumer": name, "limit": 200}
            while True:
                path = f"/{service}/admin/v1/parked"
                page = await client.get(OPERATOR, path, **query)
                found += [{"consumer": name, **item} for item in page["items"]]
                if not page["next"]:
                    break
                query["cursor"] = page["next"]
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        done(f"{service}：没有搁置的记录（nothing is parked）")
        return
    table = Table("id", "消费者 Consumer", "位置 Place", "键 Key", "原因 Error", box=None)
    for item in found:
        place = f"{item['topic']}/{item['partition']}@{item['offset']}"
        table.add_row(
            str(item["parked_id"]), item["consumer"], place, item["key"], item["error"]
        )
    console().print(table)


@parked_app.command("retry")
@calling
async def retry(
    reach: Reach, service: Name, parked_id: ParkedId, consumer: ConsumerOption = None
) -> None:
    """Handle a record again, and what waits behind it. Exit code 1 where it fails again.

    Examples:
        shuniu admin parked retry notifier 3
    """
    async with reach.client() as client:
        path = f"/{service}/admin/v1/parked/{parked_id}/retry"
        name = consumer or f"{service}.main"
        result = await client.post(OPERATOR, path, consumer=name)
    if result["error"]:
        console().print(f"[red]✗[/red] {result['error']}")
        raise typer.Exit(1)
    done(f"已处理 {result['handled']} 条（handled）")


@parked_app.command("edit")
@calling
async def edit(
    reach: Reach,
    service: Name,
    parked_id: ParkedId,
    file: Annotated[Path, typer.Option("--file", help="Holds the value to use instead.")],
    consumer: ConsumerOption = None,
) -> None:
    """Replace a record's value before a retry.

    Examples:
        shuniu admin parked edit notifier 3 --file corrected.bin
    """
    try:
        value = base64.b64encode(file.read_bytes()).decode()
    except OSError as error:
        raise UsageError(f"cannot read {file} ({error.strerror})") from error
    async with reach.client() as client:
        path = f"/{service}/admin/v1/parked/{parked_id}/value"
        body, name = {"value": value}, consumer or f"{service}.main"
        await client.send("PUT", OPERATOR, path, body, consumer=name)
    done("已替换（replaced）")


@parked_app.command("skip")
@calling
async def skip(
    reach: Reach, service: Name, parked_id: ParkedId, consumer: ConsumerOption = None
) -> None:
    """Drop a record for good; what waits behind it can go on.

    Examples:
        shuniu admin parked skip notifier 3
    """
    async with reach.client() as client:
        path = f"/{service}/admin/v1/parked/{parked_id}"
        name = consumer or f"{service}.main"
        await client.send("DELETE", OPERATOR, path, consumer=name)
    done("已跳过（skipped）")
