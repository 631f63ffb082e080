"""What a request is about, within its section, stands in its ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this shape."""
    op.add_column("tickets", sa.Column("category", sa.Text(), nullable=False, server_default=""))
