"""Appending by index alone: plans made while tables were small read them whole ever after."""

from alembic import op

revision = "service_0004"
down_revision = "service_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Plan the statements of `append_many_v1` without sequential scans."""
    op.execute("alter function store.append_many_v1 set enable_seqscan = off")
