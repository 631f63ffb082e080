"""A caller's satisfaction, from 1 to 5, stands in their ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this shape."""
    op.add_column("tickets", sa.Column("rating", sa.Integer(), nullable=True))
