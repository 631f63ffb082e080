"""A prompt's text taken apart: the words that stand, and the slots between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ivr.messages import Message, Unfit
from ivr.prompts.grammar import PAUSE, grammar
from ivr.speech import Language

STOP = "."
"""The piece that is a longer silence: between sentences, after a slot."""
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z]+))?\}")
_MARKS = re.compile(r"[\s,.;:!?…—–-]*")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a text, ``{name}`` or ``{name:form}``, where a value is said."""

    name: str
    form: str


Part = str | Slot


@dataclass(frozen=True, slots=True)
class Source:
    """A prompt as it lies on disk. ``recording``: the .wav that is played instead of a rendered text."""

    name: str
    language: Language
    text: str
    parts: tuple[Part, ...]
    recording: Path | None

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots."""
        return frozenset(part.name for part in self.parts if isinstance(part, Slot))


def read(path: Path, language: Language) -> Source:
    """The prompt of a .txt file. Raises Unfit, without naming the file."""
    if not NAME.fullmatch(path.stem):
        raise Unfit(Message("not-a-prompt-name"), Message("rename-file"))
    try:
        text = " ".join(path.read_text("utf-8-sig").split())
    except UnicodeDecodeError:
        raise Unfit(Message("text-not-utf-8"), Message("save-as-utf-8")) from None
    grammar(language)
    recording = path.with_suffix(".wav")
    parts = take_apart(text, language)
    if recording.exists() and any(isinstance(part, Slot) for part in parts):
        raise Unfit(Message("slots-in-recording"), Message("remove-recording-or-slots", file=recording.name))
    return Source(path.stem, language, text, parts, recording if recording.exists() else None)


def take_apart(text: str, language: Language) -> tuple[Part, ...]:
    """Pieces and slots of ``text`` in order; marks that follow a slot become a PAUSE or a STOP."""
    parts: list[Part] = []
    end = 0
    for found in _SLOT.finditer(text):
        parts += _words(text[end : found.start()], after_slot=end > 0)
        parts.append(Slot(found[1], _form(found[1], found[2] or "", language)))
        end = found.end()
    parts += _words(text[end:], after_slot=end > 0)
    while parts and parts[-1] in (PAUSE, STOP):
        parts.pop()
    if not parts:
        raise Unfit(Message("text-empty"), Message("write-text-or-remove"))
    return tuple(parts)


def _form(slot: str, form: str, language: Language) -> str:
    known = grammar(language).forms
    if form and form not in known:
        reason = Message("no-such-slot-form", slot=slot, form=form, language=language)
        raise Unfit(reason, Message("use-one-of", names=tuple(sorted(known))) if known else Message("take-form-out"))
    return form


def _words(text: str, *, after_slot: bool) -> list[Part]:
    if "{" in text or "}" in text:
        raise Unfit(Message("brace-of-no-slot", text=text.strip()), Message("write-slot"))
    marks = _MARKS.match(text)
    start = marks.end() if marks else 0
    words: list[Part] = [text[start:].strip()] if text[start:].strip() else []
    before = text[:start].strip()
    if not before or not after_slot:
        return words
    return [PAUSE if set(before) <= set(",—–-") else STOP, *words]
