"""One order a file: which of the contacts who wait is served first.

An order is a pure function under the name that a queue's YAML gives it; a file in this package joins by being there.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from routing.model import Queue

Place = Callable[[float, int, Queue], tuple[float, float]]
"""Waiting since (s), priority and queue -> a contact's place among all who wait: its rank, then seconds.

The least is served first, whatever its queue.
"""

ORDERS: dict[str, Place] = {}
"""Every order by its name."""

SHARED: set[str] = set()
"""Those of them by which queues are served in proportion to their shares."""


def order(name: str, *, shared: bool = False) -> Callable[[Place], Place]:
    """Register a function as the order ``name``; ``shared``: it goes by the queues' shares first."""

    def register(place: Place) -> Place:
        ORDERS[name] = place
        if shared:
            SHARED.add(name)
        return place

    return register


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
