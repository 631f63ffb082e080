"""Alembic's entry: works on the connection that ivr.tickets.migrations hands over."""

from __future__ import annotations

from alembic import context

from ivr.tickets.models import Ticket

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Ticket.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
