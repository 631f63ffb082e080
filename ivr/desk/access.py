"""Who asks, by a bearer token (RFC 6750) or a signed-in browser's cookie, and whether their role may."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from typing import Protocol

from aiohttp import web

from ivr.desk import cookie
from ivr.desk.problems import Problem
from ivr.desk.roles import PUBLIC, Principal, Role, Roles
from ivr.desk.throttle import Throttle
from ivr.tickets.tokens import Token
from ivr.tickets.users import User

_KNOWN = 4096
_LONGEST = 256

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="kommutator"'}
WRONG = {"WWW-Authenticate": 'Bearer realm="kommutator", error="invalid_token"'}


class TokenCheck(Protocol):
    """Where tokens are kept; ivr.tickets.tokens.Tokens is one."""

    async def check(self, secret: str) -> Token | None:
        """Whose token this is; None when it is unknown or revoked. Raises DatabaseError."""
        ...


class SessionCheck(Protocol):
    """Where sessions are kept; ivr.tickets.sessions.Sessions is one."""

    async def open(self, user: str) -> str:
        """A new session's secret. Raises DatabaseError."""
        ...

    async def check(self, secret: str) -> User | None:
        """Whose session this is; None when it is unknown or over. Raises DatabaseError."""
        ...

    async def close(self, secret: str) -> None:
        """The session is over. Raises DatabaseError."""
        ...


class EngineToken:
    """The token of this run of the engine, for the command line on the same machine: in memory, role admin."""

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(32)

    def matches(self, token: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.value.encode(), token.encode(errors="replace"))


class Access:
    """Admits a request or refuses it in words.

    From an address that failed too often only tokens that were good before are looked up, so that guessing costs
    nothing and desks behind the same address go on working.
    """

    def __init__(
        self, tokens: TokenCheck, engine: EngineToken, sessions: SessionCheck, throttle: Throttle | None = None
    ) -> None:
        self._tokens, self._engine, self._sessions = tokens, engine, sessions
        self._throttle = throttle or Throttle()
        self._known: OrderedDict[bytes, None] = OrderedDict()

    async def admit(self, request: web.Request, roles: Roles) -> Principal | None:
        """Who asks; None on a public route. Raises Problem."""
        if roles == PUBLIC:
            return None
        session = cookie.read(request)
        if session and "Authorization" not in request.headers:
            principal = await self._signed_in(request, session)
        else:
            principal = await self._principal(_bearer(request), request.remote or "")
        if principal.role not in roles:
            raise Problem("role-lacking", role=principal.role.value, allowed=sorted(roles))
        return principal

    async def _signed_in(self, request: web.Request, session: str) -> Principal:
        """A browser sends its cookie with whatever any page asks for: only what our own pages ask for counts."""
        cookie.refuse_other_sites(request)
        user = await self._sessions.check(session) if len(session) <= _LONGEST else None
        if user is None:
            raise Problem("session-over", headers=CHALLENGE)
        return Principal(user.name, Role(user.role), user.id)

    async def _principal(self, token: str, peer: str) -> Principal:
        if self._engine.matches(token):
            return Principal("command line", Role.ADMIN)
        digest = hashlib.sha256(token.encode(errors="replace")).digest()
        wait = 0 if digest in self._known else self._throttle.wait(peer)
        if wait:
            raise Problem("too-many-failures", seconds=wait, headers={"Retry-After": str(wait)})
        found = await self._tokens.check(token) if len(token) <= _LONGEST else None
        if found is None:
            self._known.pop(digest, None)
            self._throttle.failed(peer)
            raise Problem("token-wrong", headers=WRONG)
        self._remember(digest)
        return Principal(found.label or f"token {found.id}", Role(found.role))

    def _remember(self, digest: bytes) -> None:
        self._known[digest] = None
        self._known.move_to_end(digest)
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem("token-missing", headers=CHALLENGE)
    return token.strip()
