"""Which prompts there are, what they say and how long it takes: what the checks need to know of recordings/prompts."""

from __future__ import annotations

import re
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.speech import Language

_SLOT = re.compile(r"\{([a-z]+)(?::[a-z]+)?\}")

LETTERS_A_SECOND: Mapping[Language, float] = {"ru": 13.0, "en": 14.0, "tt": 12.0}
"""How fast each language is read out, where no recording tells."""

USUAL = 13.0


@dataclass(frozen=True, slots=True)
class PromptText:
    """One prompt in one language: its words, its slots' names, and its length without what is put into slots."""

    words: str
    slots: frozenset[str]
    seconds: float


PromptTexts = Mapping[tuple[Language, str], PromptText]
"""By language and name."""


def read_prompt_texts(folder: Path) -> PromptTexts:
    """Every text (.txt), and recording without a text (.wav), in the folders of languages in ``folder``."""
    known: dict[tuple[Language, str], PromptText] = {}
    for path in sorted(folder.glob("*/*")):
        key = (path.parent.name, path.stem)
        if path.suffix == ".txt":
            known[key] = _text(path.read_text("utf-8", errors="replace"), path.parent.name)
        elif path.suffix == ".wav":
            text = known.get(key, PromptText("", frozenset(), 0.0))
            known[key] = PromptText(text.words, text.slots, _length(path) or text.seconds)
    return known


def _text(words: str, language: Language) -> PromptText:
    said = _SLOT.sub("", words)
    seconds = len(said.strip()) / LETTERS_A_SECOND.get(language, USUAL)
    return PromptText(words, frozenset(_SLOT.findall(words)), round(seconds, 1))


def _length(path: Path) -> float | None:
    """Seconds of a recording; None when it is none that can be read, which is told elsewhere."""
    try:
        with wave.open(str(path), "rb") as file:
            return round(file.getnframes() / file.getframerate(), 1)
    except (OSError, EOFError, wave.Error, ZeroDivisionError):
        return None
