"""A call's events and decisions in words, as they come."""

from __future__ import annotations

import msgspec

from ivr.calllog.events import AnyEvent, Decided, NodeEntered, Offered, OfferFailed, Queued
from ivr.channel import QueueRequest
from ivr.flow.target import Place
from ivr.messages import Message
from ivr.why import words
from ivr.why.reasons import reasons
from routing.alternatives import alternatives


def told(event: AnyEvent, request: QueueRequest | None) -> list[str]:
    """Lines for one event; ``request``: what was last asked of a queue."""
    match event:
        case NodeEntered(flow=flow, node=node):
            return [f"{flow}.{node}"]
        case Queued(queue=queue, why=why) if why:
            return [Message("told-overflow", queue=queue, why=why)]
        case Queued() if request is not None:
            return _queued(request)
        case Decided():
            return [Message("told-why", words=line) for reason in reasons([event]) for line in words.told(reason)]
        case OfferFailed(operator=operator, why=why):
            return [f"  ({operator}: {why})"]
    return [] if isinstance(event, Offered) else [_plain(event)]  # the decision before it says so


def _plain(event: AnyEvent) -> str:
    fields = msgspec.to_builtins(event)
    kind = fields.pop("type")
    fields.pop("at")
    return "  · " + " ".join([kind, *(f"{name}={value}" for name, value in fields.items() if value != "")])


def edge(place: Place, outcome: str, there: Place | None) -> str:
    """Which way the flow goes on."""
    if there is None:
        return Message("told-end", outcome=outcome)
    return f"  → {outcome}: {there.node if there.flow == place.flow else f'{there.flow}.{there.node}'}"


def _queued(request: QueueRequest) -> list[str]:
    priority = Message("told-priority", priority=request.priority) if request.priority else ""
    asked = {"queue": request.queue, "needs": _needs(request.needs)}
    first = Message("told-queued", **asked, most=request.max_wait, priority=priority)
    return [first, *(Message("told-relaxed", after=after, needs=_needs(needs)) for after, needs in request.relax)]


def _needs(needs: dict[str, int]) -> str:
    words = (skill if alternatives(skill) else f"{skill} {level}" for skill, level in sorted(needs.items()))
    return ", ".join(words) or Message("anybody")
