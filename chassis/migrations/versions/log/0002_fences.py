"""Fences for the producers of compacted topics."""

from chassis.migrations import script

revision = "log_0002"
down_revision = "log_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of fences."""
    script("log_0002.sql")
