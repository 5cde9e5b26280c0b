"""The first shape of the keys database."""

from chassis.migrations import script

revision = "keys_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create its tables and grants."""
    script("keys_0001.sql")
