"""The commands, one module a subject."""

import typer

from suite.commands import (
    acting,
    admin,
    asking,
    calendars,
    demo,
    directory,
    following,
    running,
    scoring,
    watching,
)

app = typer.Typer(
    name="shuniu",
    help="Shuniu 枢纽: 办文、办会、督查督办 on one event log.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)


@app.callback()
def shuniu() -> None:
    """Shuniu 枢纽: 办文、办会、督查督办 on one event log."""


for subject in (
    demo,
    running,
    watching,
    asking,
    scoring,
    acting,
    directory,
    following,
    calendars,
    admin,
):
    subject.register(app)
