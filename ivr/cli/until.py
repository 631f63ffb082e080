"""A time in the future, as a person types it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from ivr.cli import Refusal
from ivr.messages import Message

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LENGTH = re.compile(r"(\d{1,4})\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def until(written: str, now: datetime) -> datetime:
    """'18:00' (the next one), '2026-11-25 18:00', or a length: '90m', '2h', '1d'; by the clock of the aware ``now``.

    Raises Refusal for what cannot be read.
    """
    written = written.strip()
    if clock := _CLOCK.fullmatch(written):
        today = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)
    if length := _LENGTH.fullmatch(written):
        return now + timedelta(**{_UNITS[length[2]]: int(length[1])})
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Refusal(Message("until-unread", given=written)) from None
    return found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
