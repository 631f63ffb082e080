"""Wrong tokens from one address: a bucket that empties with each, and fills again with time. Bounded memory."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address


class Throttle:
    """At most ``burst`` failures at once and one more every ``refill`` seconds, for each of ``peers`` addresses.

    An IPv6 peer is its /64 network, since one machine owns all of that. The address that failed longest ago is
    forgotten first.
    """

    def __init__(
        self,
        *,
        burst: int = 10,
        refill: float = 6.0,
        peers: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst, self._refill, self._peers, self._clock = burst, refill, peers, clock
        self._full_again: OrderedDict[str, float] = OrderedDict()

    def failed(self, peer: str) -> None:
        """Count a failure of this peer."""
        key, now = _key(peer), self._clock()
        until = max(now, self._full_again.pop(key, now)) + self._refill
        self._full_again[key] = min(until, now + self._burst * self._refill)
        if len(self._full_again) > self._peers:
            self._full_again.popitem(last=False)

    def wait(self, peer: str) -> int:
        """Seconds (whole, 1 or more) until the peer may fail again; 0 when it may now."""
        owed = self._full_again.get(_key(peer), 0.0) - self._clock()
        return max(0, math.ceil(owed - (self._burst - 1) * self._refill))


def _key(peer: str) -> str:
    try:
        address = ip_address(peer)
    except ValueError:
        return peer[:64]
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else str(address)
