"""Keys that AGI does not report: those pressed while music plays, and ahead of a question while words are said that
nothing may stop. AMI's DTMFEnd events tell of them.

They are hints, which a caller can forge for another's call; the worst that comes of it is a key pressed too much,
which a check sum or a confirmation catches. A key that AGI reported is reported by AMI as well, within a millisecond
and in either order: so AMI's keys count only while AGI can report none, and never within ``SAME`` seconds of AGI's.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

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
        session.on_gone(self._news.set)

    def start(self) -> None:
        """Music plays: listen whenever no command is outstanding."""
        self.stop()
        self._music.enter_context(self._ami.subscribe("DTMFEnd", self._while_idle, uniqueid=self._uniqueid))

    def stop(self) -> None:
        """The music ends: listen no more, and forget what nobody asked for."""
        self._music.close()
        self._keys.clear()

    @contextmanager
    def unasked(self) -> Iterator[None]:
        """The time of words that nothing may stop: Asterisk drops keys, they are kept here for what comes next."""
        with self._ami.subscribe("DTMFEnd", self._take, uniqueid=self._uniqueid):
            yield

    def ahead(self, keys: str) -> str | None:
        """The first of ``keys`` that was pressed ahead; those before it are dropped."""
        while self._keys:
            key = self._keys.popleft()
            if key in keys:
                return key
        return None

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

    def _while_idle(self, event: Fields) -> None:
        if self._session.idle:
            self._take(event)

    def _take(self, event: Fields) -> None:
        key = event.get("Digit", "")
        now = asyncio.get_running_loop().time()
        known = key == self._heard[0] and now - self._heard[1] < SAME
        if event.get("Direction") != "Received" or key not in KEYS or len(key) != 1 or known:
            return
        if len(self._keys) < MOST:
            self._keys.append(key)
            self._news.set()
