"""Devices and their acknowledgements."""

from chassis.migrations import script

revision = "notifier_0002"
down_revision = "notifier_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create its tables and grants."""
    script("notifier_0002.sql")
