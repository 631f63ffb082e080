"""Keys: what they mean everywhere, how long they are waited for, and how an entry is made of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ivr.channel import Keyed

FIRST_DIGIT = 5.0
"""Seconds to wait for the first key, from the end of the prompt."""

INTER_DIGIT = 3.0
"""Seconds to wait for the next key of an entry; so much silence after a single ``0`` makes it a wish for a person."""

OPERATOR, BACK, END, REPEAT = "0", "*", "#", "9"
"""What these keys mean everywhere (ISO/IEC 13714): a person, back, end or skip; 9 repeats where it is not assigned."""


async def key_by_key(
    press: Callable[[float], Awaitable[str | None]], *, most: int, first: float, between: float
) -> Keyed:
    """Channel.ask for a caller whose keys come one at a time: ``press`` waits so many seconds for one, else None."""
    keys = ""
    while len(keys) < most:
        key = await press(between if keys else first)
        if key is None or key == END:
            return Keyed(keys, ended=key == END)
        keys += key
    return Keyed(keys)
