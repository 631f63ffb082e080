"""How the engines of a fleet are joined: one of them leads, all tell it, it tells them."""

from __future__ import annotations

from typing import Protocol

LEASE = 1.5
"""Seconds that a leadership lasts unless it is renewed: a leader who dies is replaced after this long at the most."""


class LinkLost(Exception):
    """The other engines cannot be reached; the message says why."""


class Station(Protocol):
    """What a link tells its engine. Everything here returns at once and must not raise."""

    def leader(self, epoch: int) -> None:
        """The leader of ``epoch`` is to be told everything: it is new, or something on the way to it was lost."""
        ...

    def received(self, body: bytes) -> None:
        """The leader of the present epoch says this, to this engine or to all; in the order in which it was said."""
        ...

    def elected(self, epoch: int) -> None:
        """This engine leads from now on."""
        ...

    def told(self, engine: str, body: bytes) -> None:
        """An engine (this one too) tells this leader; in its order, each thing once."""
        ...

    def deposed(self) -> None:
        """This engine leads no more."""
        ...

    def lost(self, why: str) -> None:
        """The fleet has not been reached for longer than a lease lasts. ``leader`` says when it is again."""
        ...


class Link(Protocol):
    """One engine's way to the others. Nothing here waits but ``run``, and nothing fails.

    A later epoch ends every earlier one: what a leader says after it was replaced reaches nobody (a fencing token, as
    in M. Kleppmann, "How to do distributed locking", 2016, checked where the message is stored).
    """

    @property
    def engine(self) -> str:
        """This engine's name, unlike every other one's."""
        ...

    def tell(self, body: bytes) -> None:
        """Tell the leader. Forgotten while there is none: ``Station.leader`` asks for everything anew."""
        ...

    def say(self, body: bytes, to: str = "") -> None:
        """As the leader: say this to the engine ``to``, or to all. Forgotten by a link that does not lead."""
        ...

    async def run(self, station: Station) -> None:
        """Carry messages, and stand for election, until cancelled."""
        ...
