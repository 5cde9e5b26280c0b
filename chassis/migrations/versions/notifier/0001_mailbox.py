"""The notifier's mailbox, and what it knows of matters."""

from chassis.migrations import script

revision = "notifier_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create its tables and grants."""
    script("notifier_0001.sql")
