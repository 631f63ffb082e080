"""Tickets are found by the words that are written in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE = (
    "CREATE VIRTUAL TABLE ticket_words USING fts5(words, content='ticket_texts', content_rowid='place',"
    " detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER ticket_texts_added AFTER INSERT ON ticket_texts BEGIN"
    " INSERT INTO ticket_words (rowid, words) VALUES (new.place, new.words); END",
    "CREATE TRIGGER ticket_texts_gone AFTER DELETE ON ticket_texts BEGIN"
    " INSERT INTO ticket_words (ticket_words, rowid, words) VALUES ('delete', old.place, old.words); END",
)
POSTGRESQL = ("CREATE INDEX ix_ticket_texts_words ON ticket_texts USING gin (words) WITH (fastupdate = off)",)


def upgrade() -> None:
    """Go to this shape."""
    op.create_table(
        "ticket_texts",
        sa.Column("place", KEY, autoincrement=False, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"], name="fk_ticket_texts_number", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("place", name="pk_ticket_texts"),
        sa.UniqueConstraint("number", name="uq_ticket_texts_number"),
    )
    for each in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(each)
