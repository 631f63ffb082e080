"""The cookie of a signed-in browser, and how requests of other sites' pages are told from our own.

Over TLS it is a ``__Host-`` cookie, which no other host can set and no script can read. Without TLS (behind no proxy,
in development) browsers take no such cookie, so the name is a plain one on this machine itself, and nobody signs in
from anywhere else: their password would travel in the clear.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from ivr.desk.problems import Problem

SECURE, PLAIN = "__Host-kommutator", "kommutator"
OURS = "X-Kommutator"
"""A header that a page of another site cannot send without being asked for first (CORS), and nobody answers that."""

_SAFE = ("GET", "HEAD")
LOCAL = ("127.0.0.1", "localhost", "::1")


def read(request: web.Request) -> str:
    """The session's secret; "" when there is none."""
    return request.cookies.get(SECURE) or request.cookies.get(PLAIN) or ""


def put(request: web.Request, response: web.Response, secret: str, seconds: int) -> None:
    """Let the browser keep the secret; an empty one is forgotten. Raises Problem where it would travel unencrypted."""
    encrypted = _encrypted(request)
    if not encrypted and request.url.host not in LOCAL:
        raise Problem("https-needed")
    response.set_cookie(
        SECURE if encrypted else PLAIN,
        secret,
        max_age=seconds if secret else 0,
        path="/",
        secure=encrypted,
        httponly=True,
        samesite="Strict",
    )


def refuse_other_sites(request: web.Request) -> None:
    """Raises Problem for what a page of another site makes this browser send, a WebSocket among it."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("Host")
    if foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Problem("other-site")
    if request.method not in _SAFE and OURS not in request.headers:
        raise Problem("header-missing", header=OURS)


def _encrypted(request: web.Request) -> bool:
    """Whether the browser speaks TLS, to a proxy before us; it names the scheme itself."""
    return request.secure or urlsplit(request.headers.get("Origin", "")).scheme == "https"
