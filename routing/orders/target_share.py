"""Queues are served in proportion to their shares while calls wait in them, whichever of them had more calls."""

from __future__ import annotations

from routing.model import Queue
from routing.orders import order


@order("target-share", shared=True)
def target_share(since: float, priority: int, queue: Queue) -> tuple[float, float]:
    """Within the queue as by head starts; between queues routing.shares decides first."""
    return 0.0, since - priority * queue.head_start
