"""A service's replica of the directory."""

from chassis.migrations import script

revision = "service_0002"
down_revision = "service_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create its tables and grants."""
    script("service_0002.sql")
