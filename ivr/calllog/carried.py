"""The open calls of which the spool no longer has the beginning, in a file: for an engine that starts without its
database, after one that was stopped or killed.

A segment of the spool goes once its events are in the database. A call that Asterisk hands back while the database
is away would begin anew: a second ticket, whose events have the numbers of the first one's.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import structlog

from ivr.calllog.state import CallState
from ivr.private_file import write_private

_log = structlog.get_logger(__name__)

CARRIED = "open-calls.json"
"""In IVR_STATE, for this user's eyes only: it holds what the spool holds."""


class Carried:
    """What one run of the engine leaves to the next, in the folder ``state``."""

    def __init__(self, state: Path) -> None:
        self._path = state / CARRIED

    def keep(self, calls: Iterable[CallState]) -> None:
        """These calls are open; none: there is nothing to leave. A disk that refuses is told, and stops nothing."""
        open_now = list(calls)
        try:
            if open_now:
                write_private(self._path, msgspec.json.encode(open_now).decode())
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("open calls cannot be kept for the next start", file=str(self._path), error=error.strerror)

    def recall(self) -> list[CallState]:
        """The calls that were open; none when there is no file that can be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=list[CallState])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            _log.warning("open calls of the last run cannot be read", file=str(self._path), error=type(error).__name__)
            return []
