"""Phones in pages: whose they are, and when each stops being its operator's.

While a page is an operator's phone, Asterisk refuses their own one. A page that was closed, or whose machine died,
gives nothing back by itself, and its operator would be rung in vain.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated

from aiohttp import web
from pydantic import Field

from ivr.desk.operators import Operators
from ivr.desk.why import Roster
from ivr.operators import OperatorUnknown
from routing.states import ON_DUTY
from routing.views import OperatorView

GONE = 60.0
"""Seconds for which a page may be gone: a lost network, a page that is loaded anew."""

LOOK = 1.0
"""Seconds between two looks whether the operator's call is over; a call has a limit of its own."""

SHIFT_ENDED, CONNECTION_LOST = "shift ended", "connection lost"
"""Why an operator is not ready: they signed out or their session ended; their page has been gone too long."""

PageId = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{0,36}$")]
"""What a page calls itself, at random; "" for a client that is not watched."""


@dataclass(slots=True)
class _Taken:
    """A phone in a page. ``page``: "" where its going does not matter; ``session``: a hash of the secret."""

    page: str
    session: str
    leaving: asyncio.Task[None] | None = None


class PagePhones:
    """Gives phones back to operators whose page or session is no more. ``gone``: seconds that a page may be gone."""

    def __init__(self, operators: Operators, roster: Roster, gone: float = GONE) -> None:
        self._operators, self._roster, self._gone = operators, roster, gone
        self._taken: dict[str, _Taken] = {}
        self._here: Counter[str] = Counter()
        self._leaving: set[asyncio.Task[None]] = set()

    def taken(self, id: str, page: str, secret: str) -> None:
        """The operator's phone is this page's from now on, taken in the session of this secret."""
        self.returned(id)
        self._taken[id] = _Taken(page, _hashed(secret))
        if page and page not in self._here:
            self._leave(id, CONNECTION_LOST, self._gone)

    def returned(self, id: str) -> None:
        """The operator's phone is their own again."""
        taken = self._taken.pop(id, None)
        if taken is not None and taken.leaving is not None:
            taken.leaving.cancel()

    @contextmanager
    def here(self, page: str) -> Iterator[None]:
        """This page is connected for as long as this lasts."""
        self._here[page] += 1
        for id in self._of(page):
            self._stay(id)
        try:
            yield
        finally:
            self._here[page] -= 1
            if not self._here[page]:
                del self._here[page]
                for id in self._of(page):
                    self._leave(id, CONNECTION_LOST, self._gone)

    def signed_out(self, id: str, secret: str) -> None:
        """Who signs out ends their shift, unless their phone is in a page of another session, where it goes on."""
        taken = self._taken.get(id)
        if taken is None or taken.session == _hashed(secret):
            with suppress(OperatorUnknown):
                self._operators.not_ready(id, SHIFT_ENDED)
            self._end(id)

    def session_over(self, id: str, secret: str) -> None:
        """The session ended by itself: so does the shift, where the phone was in its page."""
        taken = self._taken.get(id)
        if taken is not None and taken.session == _hashed(secret):
            self.signed_out(id, secret)

    async def stop(self, _app: web.Application) -> None:
        """Nothing is given back any more."""
        for task in self._leaving:
            task.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    def _of(self, page: str) -> list[str]:
        return [id for id, taken in self._taken.items() if page and taken.page == page]

    def _end(self, id: str) -> None:
        if id in self._taken:
            self._taken[id].page = ""  # no page that comes back changes that
            self._leave(id, SHIFT_ENDED, 0)

    def _stay(self, id: str) -> None:
        taken = self._taken[id]
        if taken.leaving is not None:
            taken.leaving.cancel()
            taken.leaving = None

    def _leave(self, id: str, reason: str, after: float) -> None:
        self._stay(id)
        task = asyncio.get_running_loop().create_task(self._give_back(id, reason, after))
        self._taken[id].leaving = task
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _give_back(self, id: str, reason: str, after: float) -> None:
        """After so many seconds the operator takes no more calls; their phone is their own after the present one."""
        await asyncio.sleep(after)
        with suppress(OperatorUnknown):
            now = self._now(id)
            if now is not None and now.state in ON_DUTY and now.pause is None:
                self._operators.not_ready(id, reason)
            await self._after_call(id)
            self._taken.pop(id, None)
            await self._operators.own_phone(id)

    async def _after_call(self, id: str) -> None:
        # The router tells of operators' changes to those who listen only, and here nobody may.
        while (now := self._now(id)) is not None and now.contact:  # noqa: ASYNC110
            await asyncio.sleep(LOOK)

    def _now(self, id: str) -> OperatorView | None:
        return next((view for view in self._roster.operators() if view.id == id), None)


PAGE_PHONES: web.AppKey[PagePhones] = web.AppKey("page-phones", PagePhones)


def join(app: web.Application, phones: PagePhones) -> None:
    """Watch the pages' phones for as long as the application runs."""
    app[PAGE_PHONES] = phones
    app.on_cleanup.append(phones.stop)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
