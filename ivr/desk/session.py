"""/api/v1/session: a person signs in, is who they are, and signs out; /api/v1/audit: who did."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Protocol

from aiohttp import web
from pydantic import BaseModel, Field

from ivr.desk import cookie
from ivr.desk.access import SessionCheck
from ivr.desk.fields import Body, OperatorId, View
from ivr.desk.page_phones import PAGE_PHONES
from ivr.desk.problems import Problem
from ivr.desk.roles import ADMINS, PUBLIC, READERS, Principal, Role
from ivr.desk.routes import PRINCIPAL, Routes
from ivr.desk.throttle import Throttle
from ivr.tickets.audit import Deed
from ivr.tickets.sessions import HOURS
from ivr.tickets.users import User

AUDITORS = ADMINS | {Role.AUDITOR}


class SignIn(Body):
    """Who signs in."""

    user: OperatorId
    password: Annotated[str, Field(min_length=1, max_length=128, repr=False)]


class SessionAnswer(BaseModel):
    """Who is signed in. ``user``: also the operator's id, where they are one; "" for a program's token."""

    user: str
    name: str
    role: Role


class AuditQuery(Body):
    """A page of the audit."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    before: Annotated[int, Field(ge=1, le=2**53)] | None = None


class DeedAnswer(View):
    """What somebody did."""

    id: int
    at: datetime
    who: str
    what: str
    about: str
    address: str


class AuditList(BaseModel):
    """The newest deeds first; ``next``: the ``before`` of the following page."""

    deeds: list[DeedAnswer]
    next: int | None


class UserCheck(Protocol):
    """Where people are kept; ivr.tickets.users.Users is one."""

    async def verify(self, id: str, password: str) -> User | None:
        """The user whose password this is. Raises DatabaseError."""
        ...


class AuditLog(Protocol):
    """Where deeds are kept; ivr.tickets.audit.Audit is one."""

    async def add(self, who: str, what: str, about: str = "", address: str = "") -> None:
        """Remember it. Raises DatabaseError."""
        ...

    async def list(self, limit: int, before: int | None = None) -> list[Deed]:
        """The newest ones. Raises DatabaseError."""
        ...


class SigningIn:
    """Signs people in; who guesses is slowed down, by address and by the user they try to be."""

    def __init__(self, users: UserCheck, sessions: SessionCheck, audit: AuditLog) -> None:
        self.sessions, self.audit, self._users = sessions, audit, users
        self._addresses, self._named = Throttle(), Throttle(burst=10, refill=15.0)

    async def sign_in(self, id: str, password: str, address: str) -> tuple[User, str]:
        """The user and their new session's secret. Raises Problem, DatabaseError."""
        wait = max(self._addresses.wait(address), self._named.wait(id))
        if wait:
            raise Problem("sign-in-slowed", seconds=wait, headers={"Retry-After": str(wait)})
        user = await self._users.verify(id, password)
        if user is None:
            self._addresses.failed(address)
            self._named.failed(id)
            # Never the name that was tried: people type their password there.
            await self.audit.add("", "sign-in-refused", address=address)
            raise Problem("sign-in-wrong")
        secret = await self.sessions.open(user.id)
        await self.audit.add(user.id, "signed-in", address=address)
        return user, secret

    async def sign_out(self, who: Principal, secret: str, address: str) -> None:
        """The session is over. Raises DatabaseError."""
        await self.sessions.close(secret)
        await self.audit.add(who.user, "signed-out", address=address)


SIGNING_IN: web.AppKey[SigningIn] = web.AppKey("signing-in", SigningIn)

routes = Routes()


@routes.post("/api/v1/session", roles=PUBLIC)
async def sign_in(request: web.Request, *, body: SignIn) -> web.Response:
    """Sign in: the answer sets the cookie that a browser sends from then on."""
    cookie.refuse_other_sites(request)
    user, secret = await request.app[SIGNING_IN].sign_in(body.user, body.password, request.remote or "")
    answer = SessionAnswer(user=user.id, name=user.name, role=Role(user.role))
    response = web.json_response(text=answer.model_dump_json())
    cookie.put(request, response, secret, HOURS * 3600)
    return response


@routes.get("/api/v1/session", roles=READERS)
async def who_is_signed_in(request: web.Request) -> SessionAnswer:
    """Who asks."""
    who = request[PRINCIPAL]
    return SessionAnswer(user=who.user, name=who.name, role=who.role)


@routes.delete("/api/v1/session", roles=READERS)
async def sign_out(request: web.Request) -> web.Response:
    """Sign out: the cookie is worthless from now on, and an operator's shift ends, after the call that is at them.

    A token stays what it is.
    """
    response = web.Response(status=204)
    secret = cookie.read(request)
    if secret and request[PRINCIPAL].user:
        await request.app[SIGNING_IN].sign_out(request[PRINCIPAL], secret, request.remote or "")
        request.app[PAGE_PHONES].signed_out(request[PRINCIPAL].user, secret)
        cookie.put(request, response, "", 0)
    return response


@routes.get("/api/v1/audit", roles=AUDITORS)
async def list_audit(request: web.Request, *, query: AuditQuery) -> AuditList:
    """Who signed in, was refused or signed out, and where from; what admins did to users."""
    deeds = await request.app[SIGNING_IN].audit.list(query.limit, query.before)
    full = len(deeds) == query.limit
    return AuditList(deeds=[DeedAnswer.model_validate(each) for each in deeds], next=deeds[-1].id if full else None)
