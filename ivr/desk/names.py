"""/api/v1/names: what people call the things that elsewhere stand by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from ivr.desk.roles import READERS
from ivr.desk.routes import Routes
from ivr.flow.model import Texts
from ivr.flow.service import Service

Names = Mapping[str, Texts]
"""Key -> its name by language; a key without one stands for itself."""


class NamesAnswer(BaseModel):
    """The names in queues.yaml, regions.yaml, sections.yaml and the flows: key -> language -> name."""

    queues: dict[str, dict[str, str]]
    regions: dict[str, dict[str, str]]
    sections: dict[str, dict[str, str]]
    categories: dict[str, dict[str, str]]
    flows: dict[str, dict[str, str]]


class Named(Protocol):
    """The running hotline's configuration, as far as it is used here."""

    def names(self) -> Mapping[str, Names]:
        """What has names, by its kind: ``queues``, ``regions``, ``sections``, ``categories``, ``flows``."""
        ...


NAMED: web.AppKey[Named] = web.AppKey("named", Named)

routes = Routes()


@routes.get("/api/v1/names", roles=READERS)
async def list_names(request: web.Request) -> NamesAnswer:
    """The names of queues, regions, sections, categories and flows, by language."""
    found = request.app[NAMED].names()
    return NamesAnswer(**{kind: {key: dict(texts) for key, texts in names.items()} for kind, names in found.items()})


def names_of(service: Service) -> dict[str, Names]:
    """Every name in this configuration. Of several lines of one region the first one's name is the region's."""
    lines = [service.unknown, *reversed(list(service.lines.values()))]
    return {
        "queues": {name: queue.names for name, queue in service.queues.items() if queue.names},
        "regions": {line.region: line.names for line in lines},
        "sections": {name: section.names for name, section in service.sections.sections.items()},
        "categories": {name: category.names for name, category in service.sections.categories.items()},
        "flows": {name: flow.names for name, flow in service.flows.items() if flow.names},
    }
