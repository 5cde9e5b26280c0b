"""The commands beside `demo`, one module a subject."""

import typer


def register(app: typer.Typer) -> None:
    """Add every command to *app*."""
    del app
