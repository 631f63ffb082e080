"""Keys that a caller presses while music plays: AGI does not report them, AMI's DTMFEnd events do.

They are hints, which a caller can forge; so they only ever move the caller who waits in a queue, and never take part
in an identifier. A key that AGI reported is reported by AMI as well, within a millisecond and in either order, so
AMI's keys count only while no AGI command is outstanding, and never within ``SAME`` seconds of AGI's own.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import ExitStack

from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.ami import Ami
from ivr.asterisk.ami_link import Fields
from ivr.channel import KEYS

MOST = 16
"""Keys that are kept; a caller who presses more at once has them dropped."""

SAME = 0.1
"""Seconds within which AGI's key and the same key of AMI are one press; nobody presses a key twice in that time."""


class WaitingKeys:
    """The keys of one call, between ``start`` and ``stop``."""

    def __init__(self, session: AgiSession, ami: Ami, uniqueid: str) -> None:
        self._session = session
        self._ami = ami
        self._uniqueid = uniqueid
        self._keys: deque[str] = deque()
        self._news = asyncio.Event()
        self._subscription = ExitStack()
        self._heard = ("", 0.0)
        session.on_gone(self._news.set)

    def start(self) -> None:
        """Listen from now on."""
        self.stop()
        self._subscription.enter_context(self._ami.subscribe("DTMFEnd", self._pressed, uniqueid=self._uniqueid))

    def stop(self) -> None:
        """Listen no more, and forget what was not asked for."""
        self._subscription.close()
        self._keys.clear()

    def heard(self, key: str) -> None:
        """AGI reported this key."""
        self._heard = (key, asyncio.get_running_loop().time())

    async def next(self) -> str:
        """The next key, however long it takes. Raises CallerGone."""
        while True:
            self._session.check()
            if self._keys:
                return self._keys.popleft()
            self._news.clear()
            await self._news.wait()

    def _pressed(self, event: Fields) -> None:
        key = event.get("Digit", "")
        now = asyncio.get_running_loop().time()
        known = key == self._heard[0] and now - self._heard[1] < SAME
        if event.get("Direction") != "Received" or key not in KEYS or len(key) != 1 or known:
            return
        if self._session.idle and len(self._keys) < MOST:
            self._keys.append(key)
            self._news.set()
