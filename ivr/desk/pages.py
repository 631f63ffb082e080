"""The pages themselves: /desk, and /phone in development; everything that they load comes from here."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from aiohttp import web

from ivr.desk import cookie
from ivr.desk.problems import Problem
from ivr.desk.roles import PUBLIC
from ivr.desk.routes import Routes
from ivr.desk.sip import PHONES


class Pages:
    """Where the built pages are; ``folder`` None: they could not be built."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder


PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

ETERNAL = "public, max-age=31536000, immutable"
"""What a page loads has its content's hash in its name."""

routes = Routes()


@routes.get("/", roles=PUBLIC)
async def home(request: web.Request) -> web.StreamResponse:
    """To the desk."""
    return web.Response(status=302, headers={"Location": "/desk"})


@routes.get("/desk", roles=PUBLIC)
async def desk_page(request: web.Request) -> web.StreamResponse:
    """The operator's desk: who they are, they say there."""
    return _page(request, "desk.html")


@routes.get("/phone", roles=PUBLIC)
async def phone_page(request: web.Request) -> web.StreamResponse:
    """A caller's phone, on the machine itself, in development only."""
    if not request.app[PHONES].caller_password() or request.url.host not in cookie.LOCAL:
        raise Problem("path-unknown")
    return _page(request, "phone.html")


@routes.get("/assets/{name:[A-Za-z0-9_-]{1,64}[.](?:js|css)}", roles=PUBLIC)
async def asset(request: web.Request) -> web.StreamResponse:
    """What the pages load."""
    return _file(request, f"assets/{request.match_info['name']}", {"Cache-Control": ETERNAL})


def _page(request: web.Request, name: str) -> web.StreamResponse:
    return _file(request, name, {**HEADERS, "Cache-Control": "no-cache"})


def _file(request: web.Request, name: str, headers: dict[str, str]) -> web.StreamResponse:
    folder = request.app[PAGES].folder
    if folder is None:
        raise Problem("pages-missing")
    path = folder / name
    if not path.is_file():
        raise Problem("path-unknown")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = web.Response(body=path.read_bytes(), headers=headers, content_type=kind, charset="utf-8")
    response.enable_compression()
    return response
