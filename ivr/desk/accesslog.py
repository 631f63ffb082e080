"""One line for each request: what was asked by its declared path, never its query, its numbers or a name."""

from __future__ import annotations

import structlog
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from ivr.desk.failures import route
from ivr.desk.routes import PRINCIPAL

_log = structlog.get_logger(__name__)


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
