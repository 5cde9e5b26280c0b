"""How a database comes to its present shape: one linear history per kind of database."""

from importlib.resources import files
from typing import Any

from alembic import context
from sqlalchemy.util import await_only

from chassis.store.shards import MARKER_NAMESPACE, SHARDS


def sql(name: str, **roles: str) -> str:
    """Return the SQL file *name* with roles and constants filled in."""
    text = files(__name__).joinpath("sql", name).read_text("utf-8")
    return text.format(marker=MARKER_NAMESPACE, shards=SHARDS, **roles)


def script(name: str) -> None:
    """Run the SQL file *name* in the migration under way."""
    roles: dict[str, str] = context.config.attributes["roles"]
    driver: Any = context.get_bind().connection.driver_connection
    # The driver's own execute takes a script; SQLAlchemy's takes one statement.
    await_only(driver.execute(sql(name, **roles)))
