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
from ivr.digits import BACK, END, FIRST_DIGIT, INTER_DIGIT, OPERATOR, OPERATOR_PAUSE, Match, match
from ivr.speech import Language, Speech, UnknownPrompt, Value

log = structlog.get_logger(__name__)


def words(call: Call, prompt: str, /, **values: Value) -> Speech:
    """The prompt in the caller's language, else in another of the line's; silence, and an error logged, if in none."""
    for language in dict.fromkeys((call.state.language, *call.offered_languages)):
        speech = words_in(call, language, prompt, **values)
        if speech:
            return speech
    return ()


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
    if call.ahead:
        return call.ahead.pop(0)
    return await call.channel.play(speech) or await call.channel.key(timeout)


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
    """A number as keyed. The digits are the caller's own: no repr shows them."""

    end: EntryEnd
    digits: str = field(default="", repr=False)


async def enter(call: Call, speech: Speech, lengths: Collection[int]) -> Entry:
    """Ask for a number of one of these ``lengths``.

    An entry may begin with 0: a single first 0 asks for a person only when ``#`` or two seconds of silence follow it.
    """
    digits = ""
    key = await ask(call, speech, FIRST_DIGIT)
    while key is not None and key not in (END, BACK):
        digits += key
        if match(digits, lengths) is not Match.INCOMPLETE:
            return Entry(EntryEnd.DONE, digits)
        pause = OPERATOR_PAUSE if digits == OPERATOR else INTER_DIGIT
        key = call.ahead.pop(0) if call.ahead else await call.channel.key(pause)
    return _ended(digits, key)


def _ended(digits: str, key: str | None) -> Entry:
    if key == BACK:
        return Entry(EntryEnd.AGAIN if digits else EntryEnd.BACK)
    if digits == OPERATOR:
        return Entry(EntryEnd.OPERATOR)
    if digits:
        return Entry(EntryEnd.DONE, digits)
    return Entry(EntryEnd.NOTHING if key is None else EntryEnd.SKIP)
