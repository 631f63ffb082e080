"""/api/v1/wrap-up-codes, and …/wrap-up of a ticket: what an operator says came of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from ivr.desk.fields import Body, Word
from ivr.desk.problems import FieldError, Problem
from ivr.desk.roles import READERS, STAFF
from ivr.desk.routes import Routes
from ivr.desk.ticket_forms import WholeTicket
from ivr.desk.tickets import ONE, TICKETS, changed, now_by, number_of
from ivr.flow.model import Texts
from ivr.tickets.events import WrappedUp


class Code(BaseModel):
    """A wrap-up code: its ``names`` by language, and the ``queues`` that offer it."""

    code: str
    names: dict[str, str]
    queues: list[str]


class CodeList(BaseModel):
    """Every code, in the order of queues.yaml."""

    codes: list[Code]


class WrapUp(Body):
    """The ``code`` that the operator chose; another one later takes its place."""

    code: Word


class Codes(Protocol):
    """The running hotline's configuration, as far as it is used here."""

    def wrap_up_codes(self) -> Mapping[str, Texts]:
        """Every code with its names by language."""
        ...

    def wrap_up_offers(self) -> Mapping[str, Sequence[str]]:
        """Queue -> the codes that it offers, in its order."""
        ...


CODES: web.AppKey[Codes] = web.AppKey("codes", Codes)

routes = Routes()


@routes.get("/api/v1/wrap-up-codes", roles=READERS)
async def list_codes(request: web.Request) -> CodeList:
    """What may be said of a call, and for which queues."""
    known, offers = request.app[CODES].wrap_up_codes(), request.app[CODES].wrap_up_offers()
    codes = [
        Code(code=code, names=dict(names), queues=[queue for queue, offered in offers.items() if code in offered])
        for code, names in known.items()
    ]
    return CodeList(codes=codes)


@routes.post(f"{ONE}/wrap-up", roles=STAFF)
async def wrap_up(request: web.Request, *, body: WrapUp) -> WholeTicket:
    """Say what came of the call; one that the ticket's queue does not offer is refused with those that it does."""
    number = number_of(request)
    found = await request.app[TICKETS].get(number)
    if found is None:
        raise Problem("ticket-unknown", number=number)
    codes = request.app[CODES]
    offered = codes.wrap_up_offers().get(found.ticket.queue, list(codes.wrap_up_codes()))
    if body.code not in offered:
        expected = ", ".join(offered) or "-"
        raise Problem("values-wrong", errors=[FieldError("#/code", "enum", {"expected": expected})])
    said = WrappedUp(**now_by(request), code=body.code)
    return await changed(request, lambda _: [said])
