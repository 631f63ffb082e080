"""Every failure leaves as a problem in the client's language, and every answer with the headers that keep it safe."""

from __future__ import annotations

import secrets

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from ivr.desk import languages
from ivr.desk.problems import Problem
from ivr.logs import places
from ivr.tickets.faults import DatabaseError

_log = structlog.get_logger(__name__)

ROUTE = web.RequestKey("route", str)

BODY_LIMIT = 64 * 1024
"""Bytes of a request's body."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@web.middleware
async def failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever went wrong into a problem."""
    resource = request.match_info.route.resource
    request[ROUTE] = resource.canonical if resource is not None else "unknown"
    try:
        return await handler(request)
    except Exception as error:  # the edge of the program: nothing but words leaves from here
        return _problem(request, error).response(language(request))


async def protect(_request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers of safety, where the handler has not set its own."""
    response.headers["Server"] = "kommutator"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def language(request: web.Request) -> str:
    """The language of this request's texts."""
    return languages.chosen(request.headers.get("Accept-Language", ""))


def _problem(request: web.Request, error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case web.HTTPException() | web.RequestPayloadError():
            return _http(error)
        case DatabaseError():
            _log.warning("api: the database cannot be used", route=route(request), error=str(error))
            return Problem("database-away", headers={"Retry-After": "5"})
        case _:
            return _fault(request, error)


def _http(error: web.HTTPException | web.RequestPayloadError) -> Problem:
    """What aiohttp itself refuses."""
    match error:
        case web.HTTPMethodNotAllowed():
            allowed = sorted(error.allowed_methods)
            return Problem("method-unknown", allowed=allowed, headers={"Allow": ", ".join(allowed)})
        case web.HTTPNotFound():
            return Problem("path-unknown")
        case web.HTTPRequestEntityTooLarge():
            return Problem("body-too-large", limit=BODY_LIMIT, headers={"Connection": "close"})
        case _:
            return Problem("request-refused")


def _fault(request: web.Request, error: Exception) -> Problem:
    """A fault of our own: the log has its kind and place under a reference, but no words of it, which may hold data."""
    reference = secrets.token_hex(4)
    _log.error("api: a fault", reference=reference, route=route(request), error=type(error).__name__, at=places(error))
    return Problem("failed", reference=reference)


def route(request: web.BaseRequest) -> str:
    """The path as it is declared, with no number and nobody's name in it; ``unknown`` for what was no request."""
    return str(request.get(ROUTE, "unknown"))
