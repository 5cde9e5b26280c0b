"""The `shuniu` command: its commands are in `suite.commands`."""

import sys


def main() -> None:
    """Run the command; a call that cannot be understood is one line and exit code 2."""
    try:
        sys.exit(_run())
    except KeyboardInterrupt:  # before there was anything to stop
        sys.exit(130)


def _run() -> int:
    # Imported here: it takes a second, in which Ctrl-C is already answered for.
    import structlog  # noqa: PLC0415
    from typer.exceptions import Abort, TyperException  # noqa: PLC0415

    from suite.commands import app  # noqa: PLC0415
    from suite.commands.common import say  # noqa: PLC0415

    # Until a server sets up its logs: not on standard output, where programs read.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        code = app(prog_name="shuniu", standalone_mode=False)
    except TyperException as error:
        if said := error.format_message():
            context = getattr(error, "ctx", None)
            command = context.command_path if context else "shuniu"
            say(f"{said} See `{command} --help`.")
        return 2
    except Abort:
        return 130
    return code if isinstance(code, int) else 0
