"""Watching one's own alerts."""

import json
from collections.abc import Callable
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from google.protobuf.json_format import MessageToDict
from rich.text import Text

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu_client import Gap
from suite.alerts import tail
from suite.commands.common import (
    JsonOption,
    Language,
    LanguageOption,
    PersonOption,
    UsageError,
    calling,
    console,
    say,
)
from suite.reaching import Reach
from suite.resuming import REFUSED, resumed
from suite.stage import COLOURS

alerts_app = typer.Typer(no_args_is_help=True, help="提醒: what the notifier tells you.")


@alerts_app.command("tail")
@calling
async def tail_alerts(
    reach: Reach,
    person: PersonOption = None,
    after: Annotated[
        int, typer.Option(min=0, help="Only what comes after this sequence number.")
    ] = 0,
    from_now: Annotated[
        bool, typer.Option("--from-now", help="Only what comes from now on.")
    ] = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on where the last --resume ended, and remember the place."
        ),
    ] = False,
    as_json: JsonOption = False,
    language: LanguageOption = Language.zh,
) -> None:
    """看自己的提醒: your alerts as they arrive, those of your leader if you are an aide.

    Goes on where it was when the connection breaks. Ctrl-C ends it. With --resume each alert is
    shown once over all runs on this machine; the first begins with the oldest kept, or now.

    Examples:
        shuniu alerts tail --as wang.lei
        shuniu alerts tail --as wang.lei --resume
        shuniu alerts tail --as fan.lin --from-now
        shuniu alerts tail --as deng.jie --after 3 --json
    """
    who = reach.who(person)
    zone, lost = reach.calendar.zone, _Once()
    show = partial(_show, zone=zone, as_json=as_json, english=language is Language.en)
    if resume:
        if after:
            raise UsageError(
                "--resume knows its place: leave out --after（--resume 不能与 --after 同用）"
            )
        await _resume(reach, who.id, show, lost, from_now=from_now)
        return
    responses = tail(
        reach.grpc,
        reach.token(who.id),
        after=after,
        from_now=from_now,
        secure=reach.secure,
        lost=lost.tell,
    )
    async for response in responses:
        lost.again()
        if not response.HasField("alert"):
            continue
        show(response.alert)


async def _resume(
    reach: Reach,
    person: str,
    show: Callable[[pb.Alert], None],
    lost: "_Once",
    *,
    from_now: bool,
) -> None:
    items = resumed(reach, person, from_now=from_now, lost=lost.tell, found=lost.again)
    try:
        async for item in items:
            if not isinstance(item, Gap):
                show(item.alert)
                continue
            say(
                f"提醒 {item.first}–{item.last} 有缺失，以下为仍保存的"
                f"（some alerts are no longer kept: {item.reason}; what is follows）"
            )
            async for alert in item.kept():
                show(alert)
    except REFUSED as error:
        raise UsageError(str(error)) from error


def _show(alert: pb.Alert, *, zone: ZoneInfo, as_json: bool, english: bool) -> None:
    if as_json:
        plain = MessageToDict(alert, preserving_proto_field_name=True)
        print(json.dumps(plain, ensure_ascii=False), flush=True)
        return
    terminal = console()
    when = alert.occurred_at.ToDatetime(tzinfo=zone)
    shown = Text.assemble(
        (f"● {when:%m-%d %H:%M}", COLOURS.get(alert.severity, "white")),
        (f" {alert.sequence:>3}  ", "dim"),
        alert.title_en if english else alert.title_zh,
    )
    terminal.print(shown)
    for line in (alert.body_en if english else alert.body_zh).splitlines():
        terminal.print(Text(f"    {line}", style="dim"))


class _Once:
    """Says once that the stream broke, until it is there again."""

    def __init__(self) -> None:
        self._told = False

    def tell(self) -> None:
        if not self._told:
            say("连接中断，正在重连…（the suite does not answer; trying again）")
        self._told = True

    def again(self) -> None:
        self._told = False
