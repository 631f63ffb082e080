"""The keys of one call: each that Asterisk received, in their order, once.

AGI drops a key that ends while no command is outstanding, and an engine that is held up leaves long such moments. So
from the first moment of a call Asterisk's StoreDTMF appends every key to a channel variable, in the very thread that
runs AGI's commands, and one command reads and empties it. That variable alone says what was pressed. Read and STREAM
FILE only say that a key came: a key shorter than Asterisk's mindtmfduration may reach them late, as an echo of one
that the variable had before (seen). AMI's DTMFEnd, which a caller can forge for another's call, only says that it is
time to look; a call sends it once it has waited to music.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass

from ivr.asterisk.ami import Ami
from ivr.asterisk.ami_link import Fields
from ivr.asterisk.talk import Talk
from ivr.asterisk.variables import ACCOUNT, LISTENING, LOOK
from ivr.channel import KEYS, Keyed
from ivr.digits import END

MOST = 32
"""Keys that are kept: two menus, a SNILS and its confirmation twice over. Who presses more ahead has them dropped."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What Asterisk said: ``status``, Read's READSTATUS; ``echo``: Read ended by a key that is known already."""

    status: str
    echo: bool


class TypedKeys:
    """What was pressed on one call and is asked for by no question yet."""

    def __init__(self, talk: Talk, ami: Ami, uniqueid: str) -> None:
        self._talk = talk
        self._ami = ami
        self._uniqueid = uniqueid
        self._keys = ""
        self._stale = self._heard = False
        self._news = asyncio.Event()
        self._music = ExitStack()
        talk.session.on_gone(self._news.set)

    async def look(self) -> Looked:
        """Take over what was pressed since the last look. A dead channel can still be asked."""
        status, keyed, typed = await self._taken()
        self._keys = (self._keys + "".join([key for key in typed if key in KEYS]))[:MOST]
        return Looked(status, echo=bool(keyed) and not typed)

    async def _taken(self) -> tuple[str, str, str]:
        answer = (await self._talk.do_even_dead("GET FULL VARIABLE", LOOK)).data or ""
        status, _, keys = answer.partition("|")
        keyed, _, typed = keys.partition("|")
        return status, keyed, typed

    def spoil(self) -> None:
        """What was and will be pressed until the next question was meant for something else."""
        self._stale = True

    async def freshen(self) -> None:
        """Something is about to be said or asked: drop what was spoilt."""
        if self._stale:
            await self.forget()

    async def forget(self) -> None:
        """Drop all that was pressed up to now. Raises CallerGone."""
        self._talk.session.check()
        await self._taken()
        self._keys, self._stale = "", False

    def take(self, most: int) -> Keyed:
        """Up to ``most`` keys of an entry, which ``#`` ends."""
        keys, end, _ = self._keys[: most + 1].partition(END)
        ended = bool(end) and len(keys) < most
        keys = keys[:most]
        self._keys = self._keys[len(keys) + ended :]
        return Keyed(keys, ended)

    def first(self, keys: str) -> str | None:
        """The first that is one of ``keys``; those before it are dropped."""
        while self._keys:
            key, self._keys = self._keys[0], self._keys[1:]
            if key in keys:
                return key
        return None

    def any(self, keys: str) -> bool:
        """Whether ``first`` would find one."""
        return any(key in keys for key in self._keys)

    async def start(self) -> None:
        """Music plays, and no command is outstanding: what comes from now on is told by ``next``."""
        self.stop()
        if not self._heard:
            await self._talk.do("SET VARIABLE", ACCOUNT, LISTENING)
            self._heard = True
        await self.forget()
        self._music.enter_context(self._ami.subscribe("DTMFEnd", self._hinted, uniqueid=self._uniqueid))

    def stop(self) -> None:
        """The music ends: what was pressed meanwhile is nobody's answer."""
        self._music.close()
        self.spoil()

    async def next(self) -> str:
        """The next key, however long it takes. Raises CallerGone."""
        while (key := self.first(KEYS)) is None:
            self._talk.session.check()
            await self._news.wait()
            self._news.clear()
            self._talk.session.check()
            await self.look()
        return key

    def _hinted(self, event: Fields) -> None:
        if event.get("Direction") == "Received":
            self._news.set()
