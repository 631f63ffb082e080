"""What becomes of a call that waits for an operator when another version of the service goes live: pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from ivr.calllog.state import CallState
from ivr.channel import QueueRequest, QueueResult
from ivr.flow import target
from ivr.flow.queues import chain
from ivr.flow.service import Service


class Outcome(StrEnum):
    """What may become of it; its place and the time since which it waits are kept in every case."""

    KEPT = "kept"  # it waits as before
    CHANGED = "re-evaluated"  # it waits where it did, for what its node asks for now
    MOVED = "moved"  # its queue is gone, and its node names another one, or the queue overflowed to one
    LEAVES = "leaves"  # its queue is gone, and leads to no other: it goes on at its own version's ``closed``


@dataclass(frozen=True, slots=True)
class Fate:
    """``request``: what it waits with from then on. ``to``: where it goes if it leaves: flow.node, else a target."""

    outcome: Outcome
    request: QueueRequest
    to: str = ""


def fate(state: CallState, waits: QueueRequest, own: Service, new: Service) -> Fate:
    """Of a call that waits with this request at the node where ``state`` has it; ``own``: the version it runs on.

    The node of the same name decides, if it asks for the same queue still; the rest of the way stays the own
    version's. A call is moved only when its queue is gone: nobody loses a place because a flow was rewritten. One that
    waits where its node's queue overflows to counts as waiting there. A queue whose new hours have it closed now keeps
    who waits in it, as one that closes at its own hour does (ivr.leading).
    """
    flow = new.flows.get(state.flow)
    node = flow.nodes.get(state.node) if flow else None
    asks = node.asks(state, new.queues, record=waits.record) if node else None
    if asks is not None and waits.queue in chain(new.queues, asks.queue):  # it overflowed there, and may stay
        asks = replace(asks, queue=waits.queue, hold=waits.hold)
    if asks is None or asks.queue not in new.queues or (asks.queue != waits.queue and waits.queue in new.queues):
        if waits.queue in new.queues:
            return Fate(Outcome.KEPT, waits)
        onward = next((queue for queue in chain(own.queues, waits.queue) if queue in new.queues), None)
        if onward is not None:
            return Fate(Outcome.MOVED, replace(waits, queue=onward))
        return Fate(Outcome.LEAVES, waits, _way_out(state, own))
    if asks == waits:
        return Fate(Outcome.KEPT, waits)
    return Fate(Outcome.CHANGED if asks.queue == waits.queue else Outcome.MOVED, asks)


def _way_out(state: CallState, own: Service) -> str:
    flow = own.flows[state.flow]
    to = flow.nodes[state.node].edges().get(QueueResult.CLOSED, target.RESCUE)
    if to == target.RESCUE:
        to = flow.rescue if state.node != flow.rescue else target.END
    return f"{flow.name}.{to}" if target.is_node(to) else to
