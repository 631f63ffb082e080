"""A higher priority counts as a longer wait: it helps much, and yet nobody waits for ever behind it."""

from __future__ import annotations

from routing.model import Queue
from routing.orders import order


@order("head-start")
def head_start(since: float, priority: int, queue: Queue) -> tuple[float, float]:
    """As if the contact had come so many seconds earlier (Jackson 1960: dynamic priorities)."""
    return 0.0, since - priority * queue.head_start
