"""/api/v1/tickets/N/why: why a ticket's call went where it did, and what if."""

from __future__ import annotations

from typing import Annotated, Any, Protocol

from aiohttp import web
from pydantic import BaseModel, Field

from ivr.desk.failures import language
from ivr.desk.fields import Body
from ivr.desk.problems import Problem, Said
from ivr.desk.roles import READERS
from ivr.desk.routes import Routes
from ivr.desk.tickets import ONE, TICKETS, number_of
from ivr.messages import words_of
from ivr.why.reasons import reasons
from ivr.why.supposed import SuppositionRefused
from ivr.why.views import reason_view
from routing.model import Operator
from routing.views import OperatorView


class Roster(Protocol):
    """routing.ports.Routing, as far as it is used here."""

    def operators(self) -> list[OperatorView]:
        """Every operator on the roster."""
        ...


ROSTER: web.AppKey[Roster] = web.AppKey("roster", Roster)


class WhyQuery(Body):
    """``if``: what to suppose, as ``ivr why --if`` takes it: ``op7 had payments:3 and op8 were away``."""

    suppose: Annotated[str | None, Field(alias="if", max_length=500)] = None


class WhyAnswer(BaseModel):
    """Every decision about the ticket's call, in order; ``otherwise``: what it would have been as was supposed."""

    ticket: int
    decisions: list[dict[str, Any]]


routes = Routes()


@routes.get(ONE + "/why", roles=READERS)
async def get_why(request: web.Request, *, query: WhyQuery) -> WhyAnswer:
    """Why the call was offered to whom it was: who was eligible, who was ruled out by which rule, who was next."""
    number, spoken = number_of(request), language(request)
    found = await request.app[TICKETS].get(number)
    if found is None:
        raise Problem("ticket-unknown", number=number)
    roster = {view.id: Operator(view.id, view.skills) for view in request.app[ROSTER].operators()}
    try:
        given = reasons((entry.event for entry in found.events), [query.suppose] if query.suppose else [], roster)
    except SuppositionRefused as error:
        raise Problem("values-wrong", said=[Said("?if", words_of(error))]) from None
    return WhyAnswer(ticket=number, decisions=[reason_view(each, spoken) for each in given])
