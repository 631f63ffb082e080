"""One line for each request: what was asked by its declared path, never its query, its numbers or a name."""

from __future__ import annotations

import logging

import structlog
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http_exceptions import HttpProcessingError

from ivr.desk.failures import route
from ivr.desk.routes import PRINCIPAL

_log = structlog.get_logger(__name__)

_HTTP = logging.getLogger("ivr.desk.http")


class AccessLog(AbstractAccessLogger):
    """aiohttp's access logger in the project's manner. What asks every few seconds is told at debug level."""

    @property
    def enabled(self) -> bool:
        """Always."""
        return True

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line."""
        path = route(request)
        principal = request.get(PRINCIPAL) if isinstance(request, web.Request) else None
        tell = _log.debug if path in ("/healthz", "/readyz", "/metrics") else _log.info
        tell(
            "api",
            method=request.method if request.method.isalpha() else "?",
            route=path,
            status=response.status,
            ms=round(time * 1000, 1),
            role=principal.role.value if principal else None,
        )


def http_log() -> logging.Logger:
    """Where aiohttp tells of its own troubles; of what was no HTTP it may say that it came, not what was in it."""
    _HTTP.addFilter(_without_content)  # adding it twice adds it once
    return _HTTP


def _without_content(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        record.levelno, record.levelname = logging.INFO, "INFO"
        record.msg, record.args = "api: a peer sent what is no HTTP (%s)", (type(error).__name__,)
        record.exc_info = None
    return True
