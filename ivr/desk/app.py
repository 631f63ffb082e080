"""The application: every resource joined to the services that the engine gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from aiohttp import web
from prometheus_client import CollectorRegistry

from ivr.desk import (
    calls,
    dialplans,
    emergency,
    health,
    live,
    names,
    openapi,
    operators,
    page_phones,
    pages,
    preview,
    queues,
    scrape,
    session,
    sip,
    sockets,
    ticket_changes,
    ticket_duties,
    tickets,
    why,
    wrap_up,
)
from ivr.desk.access import Access, EngineToken, SessionCheck, TokenCheck
from ivr.desk.changes import Changes
from ivr.desk.failures import BODY_LIMIT, failures, protect
from ivr.desk.idempotency import ANSWERS, AnswerStore
from ivr.desk.routes import ACCESS, Routes
from ivr.tickets.vault import Vault

RESOURCES: tuple[Routes, ...] = tuple(
    each.routes
    for each in (
        health,
        scrape,
        openapi,
        session,
        ticket_duties,
        tickets,
        ticket_changes,
        why,
        wrap_up,
        operators,
        queues,
        emergency,
        names,
        calls,
        dialplans,
        preview,
        live,
        sip,
        pages,
    )
)
"""Every resource's endpoints; a new file joins here."""


class Configuration(
    dialplans.Configuration,
    preview.Previewing,
    queues.Opening,
    names.Named,
    wrap_up.Codes,
    ticket_changes.About,
    emergency.Announceable,
    Protocol,
):
    """All that is asked of it."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the API needs of the engine."""

    tokens: TokenCheck
    users: session.UserCheck
    sessions: SessionCheck
    audit: session.AuditLog
    tickets: tickets.Tickets
    vault: Vault
    answers: AnswerStore
    operators: operators.Operators
    queues: queues.Queues
    roster: why.Roster
    live: calls.LiveCalls
    configuration: Configuration
    emergencies: emergency.Emergencies
    changes: Changes
    phones: sip.BrowserPhones
    pages: Path | None
    checks: tuple[health.Check, ...]
    registry: CollectorRegistry
    engine_token: EngineToken = field(default_factory=EngineToken)


def create_app(services: Services) -> web.Application:
    """The API, health and metrics of one hotline."""
    app = web.Application(middlewares=[failures], client_max_size=BODY_LIMIT)
    app.on_response_prepare.append(protect)
    app[ACCESS] = Access(services.tokens, services.engine_token, services.sessions)
    app[session.SIGNING_IN] = session.SigningIn(services.users, services.sessions, services.audit)
    app[tickets.TICKETS] = services.tickets
    app[operators.OPERATORS] = services.operators
    app[queues.QUEUES] = services.queues
    app[why.ROSTER] = services.roster
    app[calls.LIVE] = services.live
    app[dialplans.CONFIGURATION] = services.configuration
    app[preview.PREVIEWING] = services.configuration
    app[queues.OPENING] = services.configuration
    app[emergency.EMERGENCIES] = services.emergencies
    app[names.NAMED] = services.configuration
    app[emergency.ANNOUNCEABLE] = services.configuration
    app[wrap_up.CODES] = services.configuration
    app[ticket_changes.ABOUT] = services.configuration
    app[ticket_changes.VAULT] = services.vault
    app[ANSWERS] = services.answers
    app[ticket_duties.AUDIT] = services.audit
    app[live.CHANGES] = services.changes
    app[sip.PHONES] = services.phones
    app[pages.PAGES] = pages.Pages(services.pages)
    sockets.join(app)
    page_phones.join(app, page_phones.PagePhones(services.operators, services.roster))
    app[health.CHECKS] = services.checks
    app[scrape.REGISTRY] = services.registry
    endpoints = [endpoint for routes in RESOURCES for endpoint in routes.endpoints]
    app[openapi.DOCUMENT] = openapi.document(endpoints, version("kommutator"))
    for routes in RESOURCES:
        routes.join(app)
    return app
