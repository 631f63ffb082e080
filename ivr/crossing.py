"""From one flow to another: jumped to, called and returned from, left for an earlier menu, or of another line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from ivr.call import Call
from ivr.calllog.events import LanguageChosen, LineChosen, SubFlowEntered, SubFlowLeft
from ivr.flow import target
from ivr.flow.service import Service
from ivr.flow.target import Place
from ivr.trail import Trail

log = structlog.get_logger(__name__)

MOST_FRAMES = 10
"""How many flows deep a call may be: a flow that calls itself for ever ends at its rescue."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One call's ways between flows. What is logged of them counts once the call has come to its next node."""

    service: Service
    call: Call

    @property
    def ways(self) -> Mapping[str, Callable[[Place, str], Place]]:
        """What leads to another flow's start, by the target's first word."""
        return {target.FLOW: self.jump, target.LINE: self.line, target.CALL: self.into}

    def rescue(self, place: Place, why: str) -> Place:
        """The rescue of the flow there, and a word in the log."""
        log.error("rescued", call=self.call.state.call_id, flow=place.flow, node=place.node, why=why)
        return Place(place.flow, self.service.flows[place.flow].rescue)

    def back(self, place: Place, trail: Trail) -> Place:
        """The menu before this place, or this one again; a flow that it lies outside of is left."""
        call = self.call
        menu = trail.back(place, len(call.state.frames))
        while len(call.state.onward) > menu.depth:
            call.log(SubFlowLeft(at=call.now(), result=""))
        return menu.place

    def jump(self, _: Place, name: str) -> Place:
        """The start of another flow, which does not return."""
        return Place(name, self.service.flows[name].start)

    def into(self, place: Place, name: str) -> Place:
        """The start of a flow that returns to this place."""
        call = self.call
        if len(call.state.onward) >= MOST_FRAMES:
            return self.rescue(place, "flows call too deep")
        given = dict(self.service.flows[place.flow].nodes[place.node].parameters())
        call.log(SubFlowEntered(at=call.now(), flow=place.flow, node=place.node, parameters=given))
        return self.jump(place, name)

    def returned(self, word: str) -> tuple[Place, str] | None:
        """The node that called this flow, and the outcome it goes on with; None when nothing did, or it is gone."""
        call = self.call
        if not call.state.onward:
            return None
        caller = Place(call.state.onward[-1].flow, call.state.onward[-1].node)
        call.log(SubFlowLeft(at=call.now(), result=word))
        flow = self.service.flows.get(caller.flow)
        node = flow.nodes.get(caller.node) if flow else None
        if node is None:
            return None
        return caller, word if word in node.edges() else "then"

    def line(self, _: Place, name: str) -> Place:
        """The start of another line's flow at this time, in one of its languages."""
        call, line, at = self.call, self.service.line(name), self.call.now()
        flow = self.service.flows[line.flow_at(at)]
        call.log(LineChosen(at=at, line=line.name, region=line.region, flow=flow.name))
        call.offered_languages = line.languages
        if call.state.language not in line.languages:
            call.log(LanguageChosen(at=at, language=line.languages[0]))
        return Place(flow.name, flow.start)
