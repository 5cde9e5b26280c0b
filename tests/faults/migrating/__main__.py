"""`python -m tests.faults.migrating migrate …`: the command of a version with one more migration."""

from pathlib import Path

from alembic.config import Config

from tests.faults.process import main

VERSIONS = Path(__file__).with_name("versions")
_known = Config.set_main_option


def _set_main_option(config: Config, name: str, value: str) -> None:
    """Let services have the versions beside us, too."""
    if name == "version_locations" and Path(value).name == "service":
        value += f"\n{VERSIONS}"
    _known(config, name, value)


if __name__ == "__main__":
    Config.set_main_option = _set_main_option  # type: ignore[assignment, method-assign] # read later
    main()
