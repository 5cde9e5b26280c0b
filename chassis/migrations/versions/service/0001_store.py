"""The event store and the feed of one service."""

from chassis.migrations import script

revision = "service_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the store, its functions, and what followers and consumers remember."""
    script("service_0001.sql")
    script("store_functions.sql")
    script("append_v1.sql")
    script("grants_v1.sql")
