"""/api/v1/queues: who waits, and how long."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from ivr.desk.fields import View
from ivr.desk.roles import READERS
from ivr.desk.routes import Routes
from routing.views import QueueView


class QueueAnswer(View):
    """A queue now. ``longest_wait``: seconds; ``ready``: free operators who could take its calls."""

    name: str
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


QUEUES: web.AppKey[Queues] = web.AppKey("queues", Queues)

routes = Routes()


@routes.get("/api/v1/queues", roles=READERS)
async def list_queues(request: web.Request) -> QueueList:
    """Every queue as it is now."""
    return QueueList(queues=[QueueAnswer.model_validate(each) for each in request.app[QUEUES].queues()])
