"""What Asterisk knows of the operators' phones, and whether that is the latest."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from ivr.tickets.operators import OperatorRecord

_log = structlog.get_logger(__name__)

PUBLISH_SECONDS = 10.0
"""How long Asterisk may take to learn of a change."""


class Phones(Protocol):
    """Operators' phones at Asterisk."""

    async def publish(self, operators: Sequence[OperatorRecord]) -> None:
        """Asterisk knows exactly these operators from now on. May raise anything; it is tried again."""
        ...

    def use_browser(self, operator: str, ha1: str | None) -> None:
        """From the next ``publish`` on the operator's phone is one in a page, with this secret; None: their own."""
        ...

    async def registered(self) -> frozenset[str] | None:
        """Operators whose phone is registered now; None when Asterisk cannot be asked. Returns within seconds."""
        ...


class Publication:
    """Lets Asterisk know every operator, one telling at a time. ``current``: whether it knows the latest."""

    def __init__(self, phones: Phones) -> None:
        self._phones, self._publishing = phones, asyncio.Lock()
        self.current = False

    async def tell(self, records: Collection[OperatorRecord]) -> bool:
        """These are the operators, as the collection is when it is this telling's turn; whether Asterisk knows it."""
        async with self._publishing:
            try:
                async with asyncio.timeout(PUBLISH_SECONDS):
                    await self._phones.publish(list(records))
                self.current = True
            except Exception as error:  # whatever keeps Asterisk from it now may be over soon
                _log.info("operators: Asterisk does not have the latest phones yet", error=str(error) or repr(error))
                self.current = False
        return self.current
