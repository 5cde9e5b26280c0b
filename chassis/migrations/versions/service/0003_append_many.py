"""Appending several commands in one round trip; knowing an older copy by what the log was told."""

from chassis.migrations import script

revision = "service_0003"
down_revision = "service_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the function, and count how often a consumer was set back."""
    script("append_many_v1.sql")
    script("service_0003.sql")
