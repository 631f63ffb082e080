"""Prompts as an example call tells them apart: each with its name beside its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ivr.speech import Language, Prompt, Prompts, Speech, Utterance, Value

READING_SPEED = 13.0
"""Letters a second."""


@dataclass(frozen=True, slots=True)
class Said(Utterance):
    """One prompt, whole. ``prompts``: its name and those of the prompts in it; ``seconds``: how long it lasts."""

    prompts: tuple[str, ...] = ()
    seconds: float = 0.0

    def __str__(self) -> str:
        return self.prompts[0] if self.prompts else self.text


class Named:
    """Implements ivr.speech.Prompts over another; what was once said is kept."""

    def __init__(self, prompts: Prompts) -> None:
        self._prompts = prompts
        self._said = lru_cache(maxsize=4096)(self._say)

    def say(self, name: str, language: Language, /, **values: Value) -> Speech:
        """As Prompts.say, in one piece that knows its name."""
        return self._said(name, language, tuple(values.items()))

    def _say(self, name: str, language: Language, values: tuple[tuple[str, Value], ...]) -> Speech:
        pieces = self._prompts.say(name, language, **dict(values))
        text = " ".join(piece.text for piece in pieces).replace(" .", ".").replace(" ,", ",")
        inner = tuple(value.name for _, value in values if isinstance(value, Prompt))
        private = any(piece.private for piece in pieces)
        return (Said(language, text, None, private, (name, *inner), len(text) / READING_SPEED),)
