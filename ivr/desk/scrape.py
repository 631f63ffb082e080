"""/metrics, in Prometheus' text form or OpenMetrics, as the client asks."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from ivr.desk.roles import PUBLIC
from ivr.desk.routes import Routes

REGISTRY = web.AppKey("registry", CollectorRegistry)

routes = Routes()


@routes.get("/metrics", roles=PUBLIC)
async def metrics(request: web.Request) -> web.Response:
    """Figures of the hotline as a whole, for Prometheus; nothing about any person."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return web.Response(body=encode(request.app[REGISTRY]), headers={"Content-Type": content_type})
