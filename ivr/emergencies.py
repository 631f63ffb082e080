"""The emergency measures of this engine, kept in a file, so that a restart ends none of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from ivr.flow.emergency import Announcement, Measure, Orders, in_force, under
from ivr.flow.queues import Queues
from ivr.messages import Message
from ivr.private_file import write_private

_log = structlog.get_logger(__name__)

FILE = "emergency.json"
"""In IVR_STATE."""


class Emergencies:
    """A measure for each queue, and one announcement: a later one takes the place of an earlier one.

    ``now``: seconds since 1970. ``heard`` is told of each change. ``problem``: why a restart would not find, or this
    start has not found, what was ordered; None when all is well.
    """

    def __init__(self, state: Path, now: Callable[[], float], heard: Callable[[], None] = lambda: None) -> None:
        self._path, self._now, self.heard = state / FILE, now, heard
        self.problem: Message | None = None
        self._orders = self._read()

    def measures(self) -> tuple[Measure, ...]:
        """Those in force now, by queue."""
        return in_force(self._orders.measures, self._now())

    def under(self, known: Queues) -> Queues:
        """These queues as the measures have them now."""
        return under(known, self._orders.measures, self._now()) if self._orders.measures else known

    def take(self, measure: Measure) -> None:
        """It is in force from now on."""
        _log.warning(
            "emergency", queue=measure.queue, to=measure.to, until=measure.until, by=measure.by, why=measure.why
        )
        others = (each for each in self.measures() if each.queue != measure.queue)
        self._keep(Orders((*others, measure), self.announcement()))

    def end(self, queue: str, by: str) -> bool:
        """The queue takes calls as ever; whether there was a measure to end."""
        left = [each for each in self.measures() if each.queue != queue]
        if len(left) == len(self.measures()):
            return False
        _log.warning("emergency ended", queue=queue, by=by)
        self._keep(Orders(tuple(left), self.announcement()))
        return True

    def announcement(self) -> Announcement | None:
        """What all callers are to hear now."""
        found = self._orders.announcement
        return found if found is not None and self._now() < found.until else None

    def announced(self) -> str:
        """Its prompt; "" for none."""
        found = self.announcement()
        return found.prompt if found else ""

    def announce(self, announcement: Announcement) -> None:
        """All callers hear this one from now on, in place of any before it."""
        prompt, until, by, why = announcement.prompt, announcement.until, announcement.by, announcement.why
        _log.warning("emergency", announcement=prompt, until=until, by=by, why=why)
        self._keep(Orders(self.measures(), announcement))

    def end_announcement(self, by: str) -> bool:
        """Nothing is announced any more; whether there was anything."""
        found = self.announcement()
        if found is None:
            return False
        _log.warning("emergency ended", announcement=found.prompt, by=by)
        self._keep(Orders(self.measures()))
        return True

    def _keep(self, orders: Orders) -> None:
        """Obeyed in any case: a full disk must not keep a queue open."""
        self._orders = orders
        try:
            write_private(self._path, msgspec.json.encode(orders).decode())
            self.problem = None
        except OSError as error:
            self.problem = Message("emergency-unwritable", file=str(self._path), why=str(error.strerror))
            _log.error("emergency: not kept", file=str(self._path), error=error.strerror)
        self.heard()

    def _read(self) -> Orders:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Orders)
        except FileNotFoundError:
            return Orders()
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            self.problem = Message("emergency-unreadable", file=str(self._path))
            _log.error("emergency: cannot be read", file=str(self._path), error=type(error).__name__)
            return Orders()
