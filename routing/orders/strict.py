"""A higher priority always goes first, however long the others wait."""

from __future__ import annotations

from routing.model import Queue
from routing.orders import order


@order("strict")
def strict(since: float, priority: int, queue: Queue) -> tuple[float, float]:
    """Before all of a lower priority, and of a queue of another order that has no rank."""
    return -priority, since
