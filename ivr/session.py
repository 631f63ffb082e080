"""Runs a flow on a call: node -> outcome -> next node. The one place that handles a caller who has gone.

No mistake in a flow or a node drops a call: an outcome without an edge, an exception in a node and a walk that does
not end lead to the flow's ``rescue`` node (an operator), then to that node's ``otherwise``, and only then to an end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from ivr.announcing import Announcing
from ivr.call import Call
from ivr.calllog.events import End, Ended, NodeEntered, SectionChosen
from ivr.channel import CallerGone
from ivr.crossing import Crossing
from ivr.ending import cut_short, end_of
from ivr.flow import target
from ivr.flow.model import Node
from ivr.flow.service import Service
from ivr.flow.target import Place
from ivr.rescue import Rescue, report
from ivr.trail import Trail
from ivr.ways import Stop, Ways

log = structlog.get_logger(__name__)

MOST_STEPS = 200
"""Nodes that a call may enter before it goes to the flow's rescue: more than any patient caller walks."""

LAST_STEPS = 20
"""Nodes more that it may enter on the way from there to its end."""

DEADLY = 3
"""How often a call is taken up again at a node, the engine lost there each time, before it goes on at the rescue."""

Took = Callable[[Place, str, Place | None], None]
"""Told of each edge that a call takes: the node, its outcome, and the next node (None at the end)."""


class Session:
    """One version of the service, on which any number of calls run; each keeps it to its end."""

    def __init__(self, service: Service, took: Took | None = None) -> None:
        self.service, self.took = service, took
        self._ways = Ways(service)

    async def run(self, call: Call) -> None:
        """Walk the call from where ``call.state`` says it is (flow and node) to its end, and log exactly one Ended.

        A lost connection (CallerGone with ``lost``) is raised on without an Ended, and so is cancellation: the caller
        may still be there, and another run takes the call up or closes it.
        """
        way = _Walk(self.service, call, self._ways, self.took)
        end: End | None = None
        try:
            await call.channel.answer()
            end = await way.to_the_end()
            await call.channel.hangup()
        except CallerGone as gone:
            if gone.lost and end is None:
                raise
            end = end or end_of(call.state, served=way.served)
        except Exception as error:
            report(call, error)
            end = end or End.REFUSED
        call.log(Ended(at=call.now(), end=end))


class Walks:
    """The session of the version that calls begin on now: what it has worked out serves every next call."""

    def __init__(self) -> None:
        self._last: Session | None = None

    def run(self, service: Service, call: Call) -> Awaitable[None]:
        """As Session.run, on this version."""
        if self._last is None or self._last.service is not service:
            self._last = Session(service)
        return self._last.run(call)


@dataclass(slots=True)
class _Walk:
    """One call on its way."""

    service: Service
    call: Call
    ways: Ways
    took: Took | None = None
    trail: Trail = field(default_factory=Trail)
    steps: int = 0
    most: int = MOST_STEPS
    served: bool = False
    announcing: Announcing = field(init=False)
    crossing: Crossing = field(init=False)
    rescue: Rescue = field(init=False)

    def __post_init__(self) -> None:
        self.announcing = Announcing(self.call)
        self.crossing, self.rescue = Crossing(self.service, self.call), Rescue(self.service, self.call)

    async def to_the_end(self) -> End:
        self.call.service = self.service
        place = self.start()
        self.retrace()
        place = self.taken_up(place) if place else None
        while place is not None:
            place = await self.step(place)
        return end_of(self.call.state, served=True) if self.served else cut_short(self.call.state)

    def start(self) -> Place | None:
        """Where the state says that the call is; a place that this version no longer has is its flow's rescue."""
        state = self.call.state
        flow = self.service.flows.get(state.flow) or self.service.flows.get(self.service.line(state.line).flow)
        if flow is None:
            return None
        if not state.node:
            return Place(flow.name, flow.start)
        known = flow.name == state.flow and state.node in flow.nodes
        return Place(flow.name, state.node if known else flow.rescue)

    def taken_up(self, place: Place) -> Place | None:
        """For a call that was lost and came back: the node it was at, or the one after what had come about there.

        A node at which the engine is lost again and again is left for the rescue.
        """
        stop = self.ways.at(place)
        outcome = stop.node.resumed(self.call.state) if stop and self.call.state.node else None
        if stop and outcome:
            return self.follow(place, stop, outcome)
        if self.call.state.resumed_here < DEADLY:
            return place
        log.error("left", call=self.call.state.call_id, flow=place.flow, node=place.node, why="engines are lost here")
        return self.rescue.way_out(place) or place

    def retrace(self) -> None:
        """The menus before this place, as the path of a call taken up again tells them."""
        state = self.call.state
        for step, depth in zip(state.path, state.depths, strict=True):
            place = Place(*step.partition(".")[::2])
            stop = self.ways.at(place)
            self.trail.entered(place, depth, menu=stop is not None and stop.node.trail)

    async def step(self, place: Place) -> Place | None:
        """Enter a node, run it, and give the next place; None at the end."""
        stop = self.ways.at(place)
        self.steps += 1
        if stop is None or self.steps > self.most:
            return await self.rescued(place, "no such node" if stop is None else "too many steps")
        self.enter(place, stop)
        node = stop.node
        try:
            await self.announcing.before(node)
            outcome = await node.run(self.call)
        except CallerGone:
            raise
        except Exception as error:
            report(self.call, error)
            return await self.rescued(place, "a node failed")
        self.served = (self.served or node.completes) and not (node.waits and outcome != "recorded")
        there = self.follow(place, stop, outcome)
        if self.took is not None:
            self.took(place, outcome, there)
        return there

    def enter(self, place: Place, stop: Stop) -> None:
        call, state, node = self.call, self.call.state, stop.node
        if self.steps > 1 or (state.flow, state.node) != place:
            call.log(NodeEntered(at=call.now(), flow=place.flow, node=place.node))
        if stop.tells:
            self.turn_to(node)
        self.trail.entered(place, len(state.frames), menu=node.trail)
        self.served = self.served or node.kind == "goodbye"

    def turn_to(self, node: Node) -> None:
        """What the node says that the call is about."""
        call, sections = self.call, self.service.sections
        about = call.state.section, call.state.category
        section, category = sections.after(node, *about)
        if (section, category) != about:
            term, complexity = sections.term(section, category), sections.complexity(category)
            chosen = SectionChosen(at=call.now(), section=section, category=category, term=term, complexity=complexity)
            call.log(chosen)

    def follow(self, place: Place, stop: Stop, outcome: str) -> Place | None:
        """Where the outcome's edge leads."""
        to = stop.ways.get(outcome, stop.astray)
        if not isinstance(to, str):
            return to
        return self.crossing.back(place, self.trail) if to == target.BACK else self.crossed(place, to)

    def crossed(self, place: Place, to: str) -> Place | None:
        """Where a target outside of this flow leads."""
        kind, _, name = to.rpartition(":")
        if kind + ":" != target.RETURN:
            return self.crossing.ways[kind + ":"](place, name)
        back = self.crossing.returned(name)
        stop = self.ways.at(back[0]) if back else None
        if back is None or stop is None:
            return self.crossing.rescue(place, "nothing to return to")
        caller, outcome = back
        there = self.follow(caller, stop, outcome)
        if self.took is not None:
            self.took(caller, outcome, there)
        return there

    async def rescued(self, place: Place, why: str) -> Place | None:
        """The flow's rescue; when that is what failed, its ``otherwise``; None when that failed too."""
        log.error("rescued", call=self.call.state.call_id, flow=place.flow, node=place.node, why=why)
        if self.steps > self.most:
            if self.most > MOST_STEPS:
                return None
            self.most = self.steps + LAST_STEPS
        way = self.rescue.way_out(place)
        await self.rescue.apologise()
        return way
