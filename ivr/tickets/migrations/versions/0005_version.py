"""A ticket names the version of the configuration that its call ran on; earlier ones as their first event tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SAID = {"sqlite": "json_extract(data, '$.version')", "postgresql": "data ->> 'version'"}


def upgrade() -> None:
    """Go to this shape."""
    op.add_column("tickets", sa.Column("version", sa.Text(), nullable=False, server_default=""))
    said = SAID[op.get_bind().dialect.name]
    first = f"SELECT {said} FROM events WHERE events.call_id = tickets.call_id AND seq = 1"  # noqa: S608
    op.execute(f"UPDATE tickets SET version = coalesce(({first}), '')")  # noqa: S608
