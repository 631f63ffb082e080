"""A ticket has a log of its own: changes of status and wrap-up codes move into it; what lists are sorted by follows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

DUE, WORKED = sa.text("due_at IS NOT NULL"), sa.text("assignee <> ''")

SECONDS = {"sqlite": "(julianday(at) - 2440587.5) * 86400.0", "postgresql": "extract(epoch FROM at)::float8"}
OBJECT = {"sqlite": "json_object", "postgresql": "jsonb_build_object"}
END = {
    "sqlite": "datetime(date(expected_on, '+1 day') || ' 00:00:00', '-3 hours') || '.000000'",
    "postgresql": "(expected_on + 1)::timestamp AT TIME ZONE 'Europe/Moscow'",
}
OPEN = "('registered', 'in-progress')"


def upgrade() -> None:
    """Go to this shape."""
    dialect = op.get_bind().dialect.name
    op.create_table(
        "ticket_events",
        sa.Column("number", KEY, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name="fk_ticket_events_number", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", "seq", name="pk_ticket_events"),
    )
    op.add_column("tickets", sa.Column("due_at", MOMENT, nullable=True))
    for name, usual in (("complexity", "1"), ("priority", "0"), ("revision", "0")):
        op.add_column("tickets", sa.Column(name, sa.Integer(), nullable=False, server_default=usual))
    for name in ("assignee", "level"):
        op.add_column("tickets", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("tickets", sa.Column("first_call_resolved", sa.Boolean(), nullable=True))
    _move(dialect)
    op.execute(f"UPDATE tickets SET due_at = {END[dialect]} WHERE status IN {OPEN}")  # noqa: S608
    op.create_index("ix_tickets_due", "tickets", ["due_at", "number"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index(
        "ix_tickets_working",
        "tickets",
        ["assignee", "registered_at"],
        sqlite_where=WORKED,
        postgresql_where=WORKED,
    )


def _move(dialect: str) -> None:
    """Into the log, in the order of time."""
    at, made = SECONDS[dialect], OBJECT[dialect]
    head = f"""'at', {at}, 'by', "by" """
    changed = f"{made}('type', 'status', {head}, 'before', before, 'after', after, 'reason', reason)"
    said = f"{made}('type', 'wrap-up', {head}, 'code', code)"
    every = (
        f"SELECT number, {at} AS moment, 'status' AS type, {changed} AS data FROM status_changes"  # noqa: S608
        f" UNION ALL SELECT number, {at}, 'wrap-up', {said} FROM wrap_ups"
    )
    place = "row_number() OVER (PARTITION BY number ORDER BY moment)"
    op.execute(
        "INSERT INTO ticket_events (number, seq, at, type, data)"  # noqa: S608
        f" SELECT number, {place}, moment, type, data FROM ({every}) AS told"
    )
    op.execute(
        "UPDATE tickets SET revision = (SELECT count(*) FROM ticket_events e WHERE e.number = tickets.number)"
        " WHERE number IN (SELECT number FROM ticket_events)"
    )
    op.drop_table("status_changes")
    op.drop_table("wrap_ups")
