"""Appending several commands in one round trip."""

from chassis.migrations import script

revision = "service_0003"
down_revision = "service_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the function."""
    script("append_many_v1.sql")
    script("service_0003.sql")
