"""A fleet within one process: of one engine (alone, while the others cannot be reached), or of several in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from routing.bus.link import Station


class MemoryFleet:
    """Where the links of one fleet meet. The first one that runs leads, for as long as it runs; then the next."""

    def __init__(self, epoch: int = 0) -> None:
        self._epoch = epoch
        self._stations: dict[str, Station] = {}
        self._leader: str | None = None

    @property
    def epoch(self) -> int:
        """The number of the present leadership."""
        return self._epoch

    def link(self, engine: str) -> MemoryLink:
        """A way into this fleet."""
        return MemoryLink(self, engine)

    def enter(self, engine: str, station: Station) -> None:
        """An engine is here from now on."""
        self._stations[engine] = station
        if self._leader is None:
            self._elect()
        else:
            _soon(station.leader, self._epoch)

    def leave(self, engine: str) -> None:
        """An engine is gone."""
        station = self._stations.pop(engine)
        if self._leader == engine:
            station.deposed()
            self._elect()

    def tell(self, engine: str, body: bytes) -> None:
        """From an engine to the leader."""
        epoch = self._epoch
        _soon(lambda: self._told(epoch, engine, body))

    def say(self, engine: str, body: bytes, to: str) -> None:
        """From the leader to one or all."""
        epoch = self._epoch
        if engine == self._leader:
            _soon(lambda: self._said(epoch, body, to))

    def _elect(self) -> None:
        self._leader = next(iter(self._stations), None)
        if self._leader is None:
            return
        self._epoch += 1
        _soon(self._stations[self._leader].elected, self._epoch)
        for station in self._stations.values():
            _soon(station.leader, self._epoch)

    def _told(self, epoch: int, engine: str, body: bytes) -> None:
        if epoch == self._epoch and self._leader is not None and engine in self._stations:
            self._stations[self._leader].told(engine, body)

    def _said(self, epoch: int, body: bytes, to: str) -> None:
        if epoch == self._epoch:
            for name, station in list(self._stations.items()):
                if to in ("", name):
                    station.received(body)


class MemoryLink:
    """See routing.bus.link.Link."""

    def __init__(self, fleet: MemoryFleet, engine: str) -> None:
        self._fleet = fleet
        self._engine = engine

    @property
    def engine(self) -> str:
        """See Link."""
        return self._engine

    def tell(self, body: bytes) -> None:
        """See Link."""
        self._fleet.tell(self._engine, body)

    def say(self, body: bytes, to: str = "") -> None:
        """See Link."""
        self._fleet.say(self._engine, body, to)

    async def run(self, station: Station) -> None:
        """See Link."""
        self._fleet.enter(self._engine, station)
        try:
            await asyncio.Event().wait()
        finally:
            self._fleet.leave(self._engine)


def _soon(call: Callable[..., None], *arguments: object) -> None:
    asyncio.get_running_loop().call_soon(call, *arguments)
