"""What meetings knows of supervised matters."""

from chassis.migrations import script

revision = "meetings_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create its table and grants."""
    script("meetings_0001.sql")
