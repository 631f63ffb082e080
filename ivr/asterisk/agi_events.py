"""What an AGI conversation tells: the events that ivr.asterisk.agi_codec makes of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Header:
    """The header is complete. Values are decoded with replacement and hold no control characters."""

    variables: dict[str, str]


class Reply(NamedTuple):
    """The answer to one command.

    ``code``: 200 done, 510 unknown command, 511 not allowed on a dead channel, 520 wrong usage. ``result`` is the
    word after ``result=``, ``data`` what stood in parentheses, ``endpos`` a place in samples (8,000 a second).
    """

    code: int
    result: str = ""
    data: str | None = None
    endpos: int = 0


@dataclass(frozen=True, slots=True)
class HangUp:
    """The caller hung up. GET VARIABLE and SET VARIABLE still succeed."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection ended; no event follows."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The peer did what no Asterisk does; ``reason`` quotes nothing of it. No event follows."""

    reason: str


Event = Header | Reply | HangUp | Closed | Refused
