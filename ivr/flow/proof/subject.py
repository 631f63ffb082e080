"""What the rules are told of the service that they examine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from ivr.flow.graph import leads, next_places, node_at, reachable, starts
from ivr.flow.prompt_texts import PromptTexts
from ivr.flow.proof.calendar import spells
from ivr.flow.proof.languages import heard
from ivr.flow.proof.shut import Shut, shut
from ivr.flow.proof.ways import Begin, Ways
from ivr.flow.service import Line, Service
from ivr.flow.target import RESCUE, Place
from ivr.speech import Language


@dataclass(frozen=True)
class Subject:
    """A service, its prompts, and the instant (seconds since 1970) from which a year is looked ahead."""

    service: Service
    prompts: PromptTexts
    at: float

    @cached_property
    def ways(self) -> Ways:
        """All that calls to any line can do."""
        return Ways(self.service, [begin for _, line in lines(self.service) for begin in begins(line, self.at)])

    @cached_property
    def shut(self) -> tuple[tuple[Shut, Ways], ...]:
        """Each set of queues that are closed at once while calls come to them, and all that these calls can do."""
        comes, found = cache(self._queues), []
        for each in shut(self.service.queues, self.ways.begins, self.at):
            begins = [begin for begin in each.begins if not each.queues.isdisjoint(comes(begin.flow))]
            if begins:
                found.append((each, Ways(self.service, begins, each.queues)))
        return tuple(found)

    def _queues(self, flow: str) -> frozenset[str]:
        """Every queue that a call can come to which this flow answers."""
        places = reachable(starts(self.service, [flow]), self._onward)
        nodes = (node_at(self.service, place) for place in places)
        return frozenset(queue for node in nodes if node and node.kind == "queue" for queue in node.queues())

    @cached_property
    def _onward(self) -> Callable[[Place], list[Place]]:
        return cache(lambda place: [*next_places(self.service, place), *leads(self.service, place, RESCUE)])

    @cached_property
    def heard(self) -> dict[tuple[Place, Language], Line]:
        """Place and language -> a line whose callers may hear that language there."""
        return heard(self.service)


def lines(service: Service) -> Iterator[tuple[tuple[str, ...], Line]]:
    """Every line with its path in regions.yaml."""
    for name, line in service.lines.items():
        yield ("lines", name), line
    yield ("unknown",), service.unknown


def begins(line: Line, at: float) -> list[Begin]:
    """How calls to the line begin: as in some minute of the year from ``at``, and as out of hours even without one."""
    flows = [*(spell.flow for spell in spells(line, at)), line.flow, line.closed]
    return [Begin(line, flow) for flow in dict.fromkeys(flows) if flow is not None]
