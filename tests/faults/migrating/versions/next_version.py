"""What a next version of a service could add to its database, while this one works on it."""

from pathlib import Path

from alembic import op

import chassis.migrations

KNOWN = Path(chassis.migrations.__file__).parent / "versions" / "service"

revision = "service_next_of_tests"
down_revision = "service_" + max(file.name for file in KNOWN.glob("0*.py"))[:4]
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to the largest table, an index, and a table; take a while over it."""
    op.execute("alter table store.event add column noted text")
    op.execute("create table store.noted (event_id uuid primary key, noted text)")
    op.execute("create index inbox_noted on feed.inbox (id)")
    op.execute("select pg_sleep(0.5)")
