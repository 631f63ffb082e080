"""Ticket numbers: unique, given at once, with a check digit so that a mistyped one is caught at the keypad."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from ivr.identifiers.ticket_number import check_digit
from ivr.tickets.database import Database, DatabaseError
from ivr.tickets.faults import explain
from ivr.tickets.models import NumberBlock, NumberCounter

_log = structlog.get_logger(__name__)

FIRST, LAST = 1_000_000, 99_999_999
"""Numbers without their check digit that blocks are made of: of 8 digits with it, then of 9."""

_RETRY = 2.0


def with_check_digit(base: int) -> int:
    """``base`` with its check digit behind it: what ivr.identifiers.ticket_number takes for a request's number."""
    return int(f"{base}{check_digit(str(base))}")


@dataclass(slots=True)
class _Block:
    """Numbers ``next`` to ``last``, without check digits."""

    next: int
    last: int

    def __len__(self) -> int:
        return self.last - self.next + 1


class Numbers:
    """Numbers from blocks of ``block`` that were reserved in the database ahead of need.

    A crash leaves the rest of a block unused for ever, so no number is given twice; a clean stop gives it back.
    While the database is away and the blocks are used up, a number is made of the clock's milliseconds: 14 digits,
    never below one that was given before, so unique as well, and recognisable.
    """

    def __init__(self, database: Database, *, block: int = 1000, clock: Callable[[], float] = time.time) -> None:
        self._database, self._block, self._clock = database, block, clock
        self._blocks: deque[_Block] = deque()
        self._emergency = 0
        self._low = asyncio.Event()
        self._low.set()

    def take(self) -> int:
        """A number that nobody else has. Never waits, never fails."""
        if self.ahead <= self._block:
            self._low.set()
        if not self._blocks:
            self._emergency = max(self._emergency + 1, int(self._clock() * 1000))
            return with_check_digit(self._emergency)
        block = self._blocks[0]
        base = block.next
        block.next += 1
        if not block:
            self._blocks.popleft()
        return with_check_digit(base)

    @property
    def ahead(self) -> int:
        """How many numbers are reserved and not given yet."""
        return sum(len(block) for block in self._blocks)

    async def refill(self) -> None:
        """Reserve until two blocks are ahead. Raises DatabaseError."""
        while self.ahead <= self._block:
            self._blocks.append(await reserve(self._database, self._block))

    async def run(self) -> None:
        """Refill whenever it is needed, until cancelled; then give the rest back."""
        try:
            while True:
                await self._low.wait()
                self._low.clear()
                try:
                    await self.refill()
                except DatabaseError as error:
                    _log.warning("ticket numbers: no new block yet", left=self.ahead, error=str(error))
                    self._low.set()
                    await asyncio.sleep(_RETRY)
        finally:
            await self._give_back()

    async def _give_back(self) -> None:
        rest = [(block.next, block.last) for block in self._blocks]
        self._blocks.clear()
        if not rest:
            return
        try:
            async with self._database.write() as session:
                await session.execute(insert(NumberBlock), [{"first": first, "last": last} for first, last in rest])
        except DatabaseError:
            _log.info("ticket numbers: a block could not be given back; its numbers stay unused")


async def next_number(database: Database, session: AsyncSession) -> int:
    """One number, in a transaction that goes on: for a ticket that no call waits for. Raises DatabaseError."""
    return with_check_digit(await _counted(database, session, 1))


async def reserve(database: Database, size: int) -> _Block:
    """Take a block that was given back, else ``size`` new numbers. Raises DatabaseError."""
    async with database.write() as session:
        given_back = await session.scalar(select(NumberBlock).order_by(NumberBlock.first).limit(1).with_for_update())
        if given_back is not None:
            await session.execute(delete(NumberBlock).where(NumberBlock.first == given_back.first))
            return _Block(given_back.first, given_back.last)
        first = await _counted(database, session, size)
        return _Block(first, first + size - 1)


async def _counted(database: Database, session: AsyncSession, size: int) -> int:
    """The first of ``size`` numbers that nobody has reserved yet."""
    counter = await session.get(NumberCounter, 1, with_for_update=True)
    if counter is None:
        raise explain(RuntimeError("no such table"), database.url)  # its row went as a table would
    first = counter.next
    if first + size - 1 > LAST:
        raise DatabaseError("All ticket numbers of 8 and 9 digits are used up; numbers of 14 digits are given.")
    counter.next = first + size
    return first
