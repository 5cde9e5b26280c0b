"""Writes `.env.example`: every setting of a deployment, from `chassis.settings`.

python -m suite.env_example > .env.example
"""

import json
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from textwrap import wrap
from typing import Any

from chassis.settings import Settings

WIDTH = 90
HEADER = """\
# What a deployment can set, in the environment or in a file named .env in the folder where
# a command runs. A line that is commented out shows the default.
# Made from chassis/settings.py by: python -m suite.env_example > .env.example
"""


def lines() -> Iterator[str]:
    """Return the file, line by line."""
    yield HEADER
    prefix = str(Settings.model_config.get("env_prefix", ""))
    for name, field in Settings.model_fields.items():
        yield from wrap(
            str(field.description), WIDTH, initial_indent="# ", subsequent_indent="# "
        )
        value = _written(field.get_default(call_default_factory=True))
        yield f"# {prefix}{name.upper()}={value}\n"


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case Enum():
            return str(value.value)
        case list():
            return json.dumps(value)
        case Path() | str() | int():
            return str(value)
        case _:
            raise TypeError(f"say how a {type(value).__name__} is written")


if __name__ == "__main__":
    print("\n".join(lines()), end="")
