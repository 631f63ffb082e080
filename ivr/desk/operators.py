"""/api/v1/operators: who answers, and whether they are ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Protocol

from aiohttp import web
from pydantic import BaseModel, Field

from ivr.desk.fields import Body, Name, OperatorId, Reason, Skills, View, moment
from ivr.desk.problems import Problem, Said
from ivr.desk.roles import ADMINS, READERS, STAFF, Role
from ivr.desk.routes import PRINCIPAL, Routes
from ivr.messages import words_of
from ivr.operators import Listed, OperatorExists, OperatorUnknown
from ivr.tickets.operators import OperatorRefused

Password = Annotated[str, Field(min_length=8, max_length=128, pattern=r"^[ -~]*$")]
"""What every phone can take as it stands: printable ASCII, since SIP leaves the encoding of the rest open."""


class NewOperator(Body):
    """An operator to add. The password goes into the operator's phone; it is stored nowhere as it stands."""

    id: OperatorId
    name: Name
    skills: Skills
    password: Annotated[Password, Field(repr=False)]


class OperatorChange(Body):
    """What is to be different; what is not named stays."""

    name: Name | None = None
    skills: Skills | None = None
    password: Annotated[Password | None, Field(repr=False)] = None


class NotReady(Body):
    """Why the operator takes no calls."""

    reason: Reason


class OperatorAnswer(View):
    """An operator now. ``phone_registered``: null when Asterisk cannot be asked; ``call``: at the operator now.

    ``rostered``: operators.yaml says what they know, and it is changed there.
    """

    id: str
    name: str
    skills: dict[str, int]
    state: str
    reason: str
    since: datetime
    not_ready_after_call: str | None
    call: str | None
    phone_registered: bool | None
    rostered: bool


class OperatorList(BaseModel):
    """Every operator, by id. ``phones_current``: whether Asterisk knows them all as they are here."""

    operators: list[OperatorAnswer]
    phones_current: bool


class Operators(Protocol):
    """ivr.operators.OperatorDirectory, as far as it is used here."""

    @property
    def published(self) -> bool:
        """Whether Asterisk knows them all as they are here."""
        ...

    async def everybody(self) -> list[Listed]:
        """Every operator, by id."""
        ...

    async def get(self, id: str) -> Listed:
        """This operator. Raises OperatorUnknown."""
        ...

    async def add(self, id: str, name: str, skills: Mapping[str, int], password: str) -> None:
        """A new operator. Raises OperatorExists."""
        ...

    async def change(
        self, id: str, *, name: str | None, skills: Mapping[str, int] | None, password: str | None
    ) -> None:
        """Other values. Raises OperatorUnknown."""
        ...

    async def remove(self, id: str) -> None:
        """The operator goes. Raises OperatorUnknown."""
        ...

    async def browser_phone(self, id: str) -> str | None:
        """The password of a phone in a page, this once; None while Asterisk cannot be told. Raises OperatorUnknown."""
        ...

    async def own_phone(self, id: str) -> None:
        """The operator's phone is their own. Raises OperatorUnknown."""
        ...

    def ready(self, id: str) -> None:
        """The operator takes calls. Raises OperatorUnknown."""
        ...

    def not_ready(self, id: str, reason: str) -> None:
        """The operator takes no calls. Raises OperatorUnknown."""
        ...


OPERATORS: web.AppKey[Operators] = web.AppKey("operators", Operators)

_ONE = "/api/v1/operators/{id:[a-z][a-z0-9-]{0,31}}"

routes = Routes()


@routes.get("/api/v1/operators", roles=READERS)
async def list_operators(request: web.Request) -> OperatorList:
    """Every operator and their state now."""
    operators = request.app[OPERATORS]
    return OperatorList(
        operators=[_answer(each) for each in await operators.everybody()], phones_current=operators.published
    )


@routes.post("/api/v1/operators", roles=ADMINS, status=201)
async def add_operator(request: web.Request, *, body: NewOperator) -> OperatorAnswer:
    """Add an operator, who is not ready yet; their phone may register at once."""
    operators = request.app[OPERATORS]
    with refusals(body.id):
        await operators.add(body.id, body.name, body.skills, body.password)
        return _answer(await operators.get(body.id))


@routes.get(_ONE, roles=READERS)
async def get_operator(request: web.Request) -> OperatorAnswer:
    """One operator and their state now."""
    with refusals(request.match_info["id"]) as id:
        return _answer(await request.app[OPERATORS].get(id))


@routes.patch(_ONE, roles=ADMINS)
async def change_operator(request: web.Request, *, body: OperatorChange) -> OperatorAnswer:
    """Change an operator's name, skills or password; a call that is at them goes on."""
    with refusals(request.match_info["id"]) as id:
        await request.app[OPERATORS].change(id, name=body.name, skills=body.skills, password=body.password)
    return await get_operator(request)


@routes.delete(_ONE, roles=ADMINS)
async def remove_operator(request: web.Request) -> None:
    """Remove an operator, after the call that is at them; their past calls keep their id."""
    with refusals(request.match_info["id"]) as id:
        await request.app[OPERATORS].remove(id)


@routes.post(f"{_ONE}/ready", roles=STAFF)
async def operator_ready(request: web.Request) -> OperatorAnswer:
    """The operator takes calls."""
    with refusals(own(request)) as id:
        request.app[OPERATORS].ready(id)
    return await get_operator(request)


@routes.post(f"{_ONE}/not-ready", roles=STAFF)
async def operator_not_ready(request: web.Request, *, body: NotReady) -> OperatorAnswer:
    """The operator takes no calls, after the one that is at them."""
    with refusals(own(request)) as id:
        request.app[OPERATORS].not_ready(id, body.reason)
    return await get_operator(request)


def own(request: web.Request) -> str:
    """The operator of the path, whom an operator who is signed in may only be themself. Raises Problem."""
    id, who = request.match_info["id"], request[PRINCIPAL]
    if who.user and who.role is Role.OPERATOR and who.user != id:
        raise Problem("operator-not-yours")
    return id


@contextmanager
def refusals(id: str) -> Iterator[str]:
    """What cannot be done with this operator, as a problem."""
    try:
        yield id
    except OperatorUnknown:
        raise Problem("operator-unknown", id=id) from None
    except OperatorExists:
        raise Problem("operator-exists", id=id) from None
    except OperatorRefused as error:
        raise Problem("values-wrong", said=[Said("#", words_of(error))]) from None


def _answer(listed: Listed) -> OperatorAnswer:
    now = listed.now
    return OperatorAnswer(
        id=listed.record.id,
        name=listed.record.name,
        skills=dict(listed.record.skills),
        state=now.state.value,
        reason=now.reason,
        since=moment(now.since),
        not_ready_after_call=now.pause,
        call=now.contact or None,
        phone_registered=listed.registered,
        rostered=listed.rostered,
    )
