"""The verbs of a conversation by keys, which nodes are made of: say, insist, ask, enter.

A key that stops a prompt which asks nothing answers the next question (``call.ahead``), so that somebody who knows
the menus may type ahead; ``#`` alone only skips the prompt.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from ivr.call import Call
from ivr.channel import Keyed
from ivr.digits import BACK, END, FIRST_DIGIT, INTER_DIGIT, OPERATOR
from ivr.speech import Language, Speech, UnknownPrompt, Value

log = structlog.get_logger(__name__)


def words(call: Call, prompt: str, /, **values: Value) -> Speech:
    """The prompt in the caller's language, else in another of the line's; silence, and an error logged, if in none."""
    spoken = call.state.language
    if speech := words_in(call, spoken, prompt, **values):
        return speech
    others = (words_in(call, other, prompt, **values) for other in call.offered_languages if other != spoken)
    return next(filter(None, others), ())


def words_in(call: Call, language: Language, prompt: str, /, **values: Value) -> Speech:
    """The prompt in ``language``; silence, and an error logged, if it cannot be said: a call outlives a prompt."""
    try:
        return call.prompts.say(prompt, language, **values)
    except (UnknownPrompt, ValueError) as error:
        fault = type(error).__name__
        log.error("prompt-cannot-be-said", prompt=prompt, language=language, call=call.state.call_id, error=fault)
        return ()


async def say(call: Call, speech: Speech) -> None:
    """Say what asks nothing; a key stops it, and answers the next question."""
    if call.ahead:
        return
    key = await call.channel.play(speech)
    if key and key != END:
        call.ahead.append(key)


async def insist(call: Call, speech: Speech) -> None:
    """Say what must be heard: no key stops it, and what was typed before it is forgotten."""
    call.ahead.clear()
    await call.channel.play(speech, keys="")


async def ask(call: Call, speech: Speech, timeout: float = FIRST_DIGIT) -> str | None:
    """The key pressed while ``speech`` is said or within ``timeout`` seconds after it; None for silence."""
    keyed = await _keyed(call, speech, 1, timeout)
    return keyed.keys or (END if keyed.ended else None)


async def _keyed(call: Call, speech: Speech, most: int, first: float) -> Keyed:
    """Channel.ask, what was typed ahead counted first."""
    if not call.ahead:
        return await call.channel.ask(speech, most=most, first=first, between=INTER_DIGIT)
    ahead = "".join(call.ahead[:most])
    del call.ahead[:most]
    if len(ahead) == most:
        return Keyed(ahead)
    if ahead:
        speech, first = (), INTER_DIGIT
    keyed = await call.channel.ask(speech, most=most - len(ahead), first=first, between=INTER_DIGIT)
    return Keyed(ahead + keyed.keys, keyed.ended)


MOST_STARS = 3
"""How often ``*`` may begin a number anew without the question being asked again."""


class EntryEnd(StrEnum):
    """How the keying of a number ended."""

    DONE = "done"  # enough digits, '#', or silence after some
    NOTHING = "nothing"  # no key at all
    SKIP = "skip"  # '#' alone
    AGAIN = "again"  # '*' after some digits
    BACK = "back"  # '*' alone
    OPERATOR = "operator"  # '0' alone, then '#' or a pause


@dataclass(frozen=True, slots=True)
class Entry:
    """A number as keyed. The digits are the caller's own: no repr shows them.

    ``cut``: it ended by itself with its last digit, so that a ``#`` may follow out of habit.
    """

    end: EntryEnd
    digits: str = field(default="", repr=False)
    cut: bool = False


async def enter(call: Call, speech: Speech, lengths: Collection[int]) -> Entry:
    """Ask for a number of one of these ``lengths``; what follows the last ``*`` counts.

    An entry may begin with 0: a single 0 asks for a person only when ``#`` or INTER_DIGIT seconds of silence follow.
    """
    digits = erased = ""
    first = FIRST_DIGIT
    for _ in range(MOST_STARS):
        room = max(lengths) - len(digits)
        keyed = await _keyed(call, speech, room, first)
        before, star, digits = (digits + keyed.keys).rpartition(BACK)
        erased += before + star
        if keyed.ended or not star or not digits or len(keyed.keys) < room:
            return _ended(digits, erased, keyed, cut=len(keyed.keys) == room and not keyed.ended)
        speech, first = (), INTER_DIGIT  # full of what was erased: the rest of the number is still to come
    return Entry(EntryEnd.AGAIN)


def _ended(digits: str, erased: str, keyed: Keyed, *, cut: bool) -> Entry:
    if digits:
        return Entry(EntryEnd.OPERATOR) if digits == OPERATOR else Entry(EntryEnd.DONE, digits, cut)
    if erased:
        return Entry(EntryEnd.AGAIN if erased.strip(BACK) else EntryEnd.BACK)
    return Entry(EntryEnd.SKIP if keyed.ended else EntryEnd.NOTHING)
