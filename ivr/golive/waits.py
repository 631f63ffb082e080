"""What a change means for those who wait, as `ivr diff` tells it: call by call, or for whoever may be waiting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ivr.calllog.state import CallState
from ivr.flow.service import Service
from ivr.golive.diff import Difference
from ivr.golive.fate import Outcome, fate

CALLS = {
    Outcome.KEPT: "call-kept",
    Outcome.CHANGED: "call-re-evaluated",
    Outcome.MOVED: "call-moved",
    Outcome.LEAVES: "call-leaves",
}
"""The difference that a fate is to one call."""

WAITING = {
    Outcome.CHANGED: "waiting-re-evaluated",
    Outcome.MOVED: "waiting-moved",
    Outcome.LEAVES: "waiting-leaves",
}
"""The same to whoever may be waiting."""


def call_by_call(waiting: Iterable[Mapping[str, Any]]) -> Iterator[Difference]:
    """Of each waiting call, as /api/v1/dialplans/preview has it; also of those that are only kept."""
    for call in waiting:
        since = call["waiting_since"]
        moment = datetime.fromisoformat(since).astimezone().strftime("%H:%M:%S") if since else ""
        yield Difference(CALLS[Outcome(call["fate"])], {**call, "since": moment, "needs": _needs(call["needs"])})


def whoever(old: Service, new: Service) -> Iterator[Difference]:
    """Of whoever may be waiting at a node of ``old``, where it is not simply kept."""
    for flow in old.flows.values():
        for name, node in flow.nodes.items():
            state = CallState("", flow=flow.name, node=name, language=old.unknown.languages[0])
            waits = node.asks(state, old.queues, record=True)
            if waits is None:
                continue
            found = fate(state, waits, old, new)
            if found.outcome is not Outcome.KEPT:
                to = found.request.queue if found.outcome is Outcome.MOVED else found.to
                values = {"flow": flow.name, "node": name, "queue": waits.queue, "to": to}
                yield Difference(WAITING[found.outcome], values)


def _needs(needs: Mapping[str, int]) -> str | None:
    return ", ".join(f"{skill} {level}" for skill, level in needs.items()) or None
