"""A higher priority counts as a longer wait: it helps much, and yet nobody waits for ever behind it."""

from __future__ import annotations

from routing.model import Contact, Queue
from routing.orders import order


@order("head-start")
def head_start(contact: Contact, queue: Queue) -> tuple[float, float]:
    """As if the contact had come so many seconds earlier (Jackson 1960: dynamic priorities)."""
    return 0.0, contact.since - contact.priority * queue.head_start
