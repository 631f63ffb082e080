"""/api/v1/queues: who waits, and how long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from ivr.desk.fields import View
from ivr.desk.roles import READERS
from ivr.desk.routes import Routes
from routing.views import QueueView


class QueueAnswer(View):
    """A queue now. ``longest_wait``: seconds; ``ready``: free operators who could take its calls.

    ``open``: by its hours, and not closed or sent elsewhere in an emergency. Who waits in a closed one is
    served or led on (docs/adr/0014).
    """

    name: str
    open: bool
    waiting: int
    longest_wait: float
    offered: int
    talking: int
    ready: int


class QueueList(BaseModel):
    """Every queue, by name."""

    queues: list[QueueAnswer]


class Queues(Protocol):
    """routing.dispatcher.Dispatcher, as far as it is used here."""

    def queues(self) -> list[QueueView]:
        """Every queue."""
        ...


class Opening(Protocol):
    """The running hotline's configuration, as far as it is used here."""

    def open_queues(self) -> Collection[str]:
        """Those that take calls now, by their hours and emergency measures."""
        ...


OPENING: web.AppKey[Opening] = web.AppKey("opening", Opening)
QUEUES: web.AppKey[Queues] = web.AppKey("queues", Queues)

routes = Routes()


@routes.get("/api/v1/queues", roles=READERS)
async def list_queues(request: web.Request) -> QueueList:
    """Every queue as it is now."""
    opened = request.app[OPENING].open_queues()
    return QueueList(
        queues=[QueueAnswer(open=each.name in opened, **asdict(each)) for each in request.app[QUEUES].queues()]
    )
