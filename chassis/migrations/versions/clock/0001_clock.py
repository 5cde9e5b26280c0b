"""The first shape of the clock database."""

from chassis.migrations import script

revision = "clock_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create its tables and grants."""
    script("clock_0001.sql")
