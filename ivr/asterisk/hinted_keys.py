"""Keys that AGI does not report: those pressed while music plays, and ahead of a question while words are said that
nothing may stop. AMI's DTMFEnd events tell of them.

They are hints, which a caller can forge for another's call; the worst that comes of it is a key pressed too much,
which a check sum or a confirmation catches. A key that AGI reported is reported by AMI as well: a millisecond before
or after, or, when it is shorter than Asterisk's mindtmfduration, as much earlier as it is shorter (seen). So
AMI's keys count only while AGI can report none, never within ``SAME`` seconds after AGI's, and words that nothing may
stop last until AGI has dropped what AMI told of at their very end: a key counted twice is worse than one lost.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.ami import Ami
from ivr.asterisk.ami_link import Fields
from ivr.channel import KEYS

MOST = 16
"""Keys that are kept; a caller who presses more ahead has them dropped."""

SAME = 0.1
"""Seconds within which AGI's key and the same key of AMI are one press; nobody presses a key twice in that time."""


class HintedKeys:
    """The keys of one call that only AMI tells of."""

    def __init__(self, session: AgiSession, ami: Ami, uniqueid: str) -> None:
        self._session = session
        self._ami = ami
        self._uniqueid = uniqueid
        self._keys: deque[str] = deque()
        self._news = asyncio.Event()
        self._music = ExitStack()
        self._heard = ("", 0.0)
        self._hinted = 0.0
        session.on_gone(self._news.set)

    def start(self) -> None:
        """Music plays: listen whenever no command is outstanding."""
        self.stop()
        self._music.enter_context(self._ami.subscribe("DTMFEnd", self._while_idle, uniqueid=self._uniqueid))

    def stop(self) -> None:
        """The music ends: listen no more, and forget what nobody asked for."""
        self._music.close()
        self._keys.clear()

    @asynccontextmanager
    async def unasked(self) -> AsyncIterator[None]:
        """The time of words that nothing may stop: Asterisk drops keys, they are kept here for what comes next."""
        with self._ami.subscribe("DTMFEnd", self._take, uniqueid=self._uniqueid):
            yield
            await self._settled()

    async def _settled(self) -> None:
        """No command is outstanding, so Asterisk drops the key that AMI told of and AGI has still to come to."""
        for _ in range(MOST):
            left = self._hinted + SAME - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await asyncio.sleep(left)

    def ahead(self, keys: str) -> str | None:
        """The first of ``keys`` that was pressed ahead; those before it are dropped."""
        while self._keys:
            key = self._keys.popleft()
            if key in keys:
                return key
        return None

    def heard(self, keys: str) -> None:
        """AGI reported these keys."""
        self._heard = (keys, asyncio.get_running_loop().time())

    async def next(self) -> str:
        """The next key, however long it takes. Raises CallerGone."""
        while True:
            self._session.check()
            if self._keys:
                return self._keys.popleft()
            self._news.clear()
            await self._news.wait()

    def _while_idle(self, event: Fields) -> None:
        if self._session.idle:
            self._take(event)

    def _take(self, event: Fields) -> None:
        key = event.get("Digit", "")
        now = asyncio.get_running_loop().time()
        known = key in self._heard[0] and now - self._heard[1] < SAME
        if event.get("Direction") != "Received" or key not in KEYS or len(key) != 1 or known:
            return
        self._hinted = now
        if len(self._keys) < MOST:
            self._keys.append(key)
            self._news.set()
