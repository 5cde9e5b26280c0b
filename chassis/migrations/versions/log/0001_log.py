"""The first shape of the log database."""

from chassis.migrations import script

revision = "log_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create its tables and grants."""
    script("log_0001.sql")
