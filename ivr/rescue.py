"""Where a call goes on when something of ours failed: no mistake in a flow or a node drops it."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from ivr.call import Call
from ivr.channel import CallerGone
from ivr.dialogue import insist, words
from ivr.flow import target
from ivr.flow.service import Flow, Service
from ivr.flow.target import Place
from ivr.logs import places

log = structlog.get_logger(__name__)

TROUBLE = "trouble"
"""The prompt said when something of ours failed."""


@dataclass(slots=True)
class Rescue:
    """One call's ways out. ``failed``: places where something of ours broke, or engines were lost."""

    service: Service
    call: Call
    failed: set[Place] = field(default_factory=set)

    def way_out(self, place: Place) -> Place | None:
        """Where a call goes on that cannot at this place; None when there is no such place left."""
        self.failed.add(place)
        flow = self.service.flows.get(place.flow)
        ways = (Place(flow.name, flow.rescue), self._after_rescue(flow)) if flow else ()
        return next((way for way in ways if way and way not in self.failed), None)

    def _after_rescue(self, flow: Flow) -> Place | None:
        rescue = flow.nodes.get(flow.rescue)
        to = rescue.edges().get("timeout", "") if rescue else ""
        return Place(flow.name, to) if to and target.is_node(to) else None

    async def apologise(self) -> None:
        """Say that something of ours failed. Raises CallerGone."""
        try:
            await insist(self.call, words(self.call, TROUBLE))
        except CallerGone:
            raise
        except Exception as error:
            report(self.call, error)


def report(call: Call, error: Exception) -> None:
    """Log what failed and where in the code; never the exception's words, which may hold a caller's data."""
    state, kind = call.state, type(error).__name__
    log.error("failed", call=state.call_id, flow=state.flow, node=state.node, error=kind, where=places(error))
