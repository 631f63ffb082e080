"""What a caller who is yet to come will need: what those before them needed, as often as they did."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence

from msgspec.structs import replace

from routing.estimates.line import Wait
from routing.model import Contact

RECENT = 24
"""So many callers are looked back at."""

KINDS = 3
"""Demands of them that are looked at: the most frequent."""


class Newcomers:
    """The latest callers of each queue."""

    def __init__(self) -> None:
        self._recent: defaultdict[str, deque[Contact]] = defaultdict(lambda: deque(maxlen=RECENT))

    def came(self, contact: Contact) -> None:
        """One more."""
        self._recent[contact.queue].append(contact)

    def likely(self, queue: str, now: float) -> list[tuple[Contact, int]]:
        """Callers who might come to this queue now, each with how many of the latest were like that."""
        recent = self._recent.get(queue, ())
        samples = {_kind(contact): contact for contact in recent}
        common = Counter(map(_kind, recent)).most_common(KINDS)
        return [(replace(samples[kind], id="", since=now), number) for kind, number in common]


def _kind(contact: Contact) -> tuple[int, tuple[tuple[str, int], ...]]:
    return contact.priority, tuple(contact.needs.items())


def mixed(waits: Sequence[tuple[Wait, int]]) -> Wait:
    """One of these waits, each as likely as its number says."""
    whole = sum(number for _, number in waits)
    mean = sum(wait.mean * number for wait, number in waits) / whole
    square = sum((wait.variance + wait.mean**2) * number for wait, number in waits) / whole
    return Wait(mean, max(0.0, square - mean**2))
