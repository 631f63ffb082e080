"""Every prompt in every language: what it says, which values it takes, and the sounds of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ivr.messages import Message, Unfit
from ivr.prompts.rendered import Rendered
from ivr.prompts.spoken import spoken
from ivr.prompts.texts import Slot, Source, read
from ivr.speech import Groups, Language, Prompt, Speech, UnknownPrompt, Utterance, Value

READING_SPEED = 13.0
"""Letters a second: the length of what has not been rendered yet is estimated by it."""


class PromptError(ValueError):
    """Prompts that cannot be used as they are: ``message``; one line each: file, what is wrong, the mend."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class Fault(NamedTuple):
    """What is wrong with a prompt's file, and the mend."""

    path: Path
    reason: Message
    mend: Message

    @property
    def message(self) -> Message:
        """All of it."""
        return Message("prompt-fault", path=str(self.path), reason=self.reason, mend=self.mend)


class SlotError(ValueError):
    """A prompt was given a value that it has no slot for, or was not given one that it needs."""


@dataclass(frozen=True, slots=True)
class _Entry:
    source: Source
    fixed: Speech | None
    """The whole speech, where there is no slot."""


class Catalogue:
    """The prompts of a folder with their sounds; implements ivr.speech.Prompts. Load anew after a build."""

    def __init__(self, sources: Iterable[Source], rendered: Rendered) -> None:
        self._rendered = rendered
        self._pieces: dict[tuple[Language, bool], dict[str, Utterance]] = {}
        self._entries: dict[tuple[Language, str], _Entry] = {}
        for source in sources:
            if source.language not in self.languages:
                self._learn(source.language)
            self._entries[source.language, source.name] = _Entry(source, self._fixed(source))

    @classmethod
    def load(cls, folder: Path, rendered: Path) -> Catalogue:
        """The prompts of ``folder`` (one folder a language), with the sounds under ``rendered`` if there are any.

        Raises PromptError, which lists everything that is wrong.
        """
        catalogue, problems = cls.readable(folder, rendered)
        if problems:
            raise PromptError(Message("prompt-faults", faults=tuple(fault.message for fault in problems)))
        return catalogue

    @classmethod
    def readable(cls, folder: Path, rendered: Path) -> tuple[Catalogue, list[Fault]]:
        """The prompts that can be used, and what is wrong with the others: for a start that must not fail."""
        problems: list[Fault] = []
        return cls(list(_sources(folder, problems)), Rendered(rendered)), problems

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages that have prompts."""
        return tuple(dict.fromkeys(language for language, _ in self._pieces))

    def say(self, name: str, language: Language, /, **values: Value) -> Speech:
        """Speech of prompt ``name``; raises UnknownPrompt, or SlotError when ``values`` are not what it takes."""
        entry = self._entry(name, language)
        if entry.fixed is not None and not values:
            return entry.fixed
        if values.keys() != entry.source.slots:
            raise SlotError(_mismatch(entry.source, values))
        speech: list[Utterance] = []
        for part in entry.source.parts:
            if isinstance(part, Slot):
                speech += self._value(values[part.name], part, entry.source)
            else:
                speech.append(self._utterance(part, language))
        return tuple(speech)

    def names(self, language: Language) -> frozenset[str]:
        """Prompts that exist in ``language``."""
        return frozenset(name for known, name in self._entries if known == language)

    def slots(self, name: str, language: Language) -> frozenset[str]:
        """The values that the prompt takes. Raises UnknownPrompt."""
        return self._entry(name, language).source.slots

    def text(self, name: str, language: Language) -> str:
        """The prompt's text with its slots. Raises UnknownPrompt."""
        return self._entry(name, language).source.text

    def silent(self, language: Language) -> list[str]:
        """Prompts of ``language`` that callers would miss words of: a sound has not been made."""
        index = self._rendered.index(language)
        return [
            source.name
            for source in self.sources(language)
            if not (
                source.name in index.recordings
                if source.recording
                else index.pieces.keys() >= {part for part in source.parts if not isinstance(part, Slot)}
            )
        ]

    def seconds(self, name: str, language: Language) -> float:
        """How long the prompt lasts without its slots: as rendered, else estimated. Raises UnknownPrompt."""
        source, index = self._entry(name, language).source, self._rendered.index(language)
        recorded = index.recordings.get(name) if source.recording else None
        if recorded:
            return recorded.seconds
        words = [part for part in source.parts if not isinstance(part, Slot)]
        return sum(index.pieces[part].seconds if part in index.pieces else len(part) / READING_SPEED for part in words)

    def sources(self, language: Language) -> tuple[Source, ...]:
        """The prompts of ``language`` as they lie on disk."""
        return tuple(entry.source for (known, _), entry in sorted(self._entries.items()) if known == language)

    def _entry(self, name: str, language: Language) -> _Entry:
        try:
            return self._entries[language, name]
        except KeyError:
            raise UnknownPrompt(f"prompt {name!r} does not exist in language {language!r}") from None

    def _learn(self, language: Language) -> None:
        """Make the utterance of every rendered piece ahead of any call."""
        sounds = self._rendered.index(language).pieces
        for private in (False, True):
            self._pieces[language, private] = {
                piece: Utterance(language, piece, str(self._rendered.path(language, sound)), private)
                for piece, sound in sounds.items()
            }

    def _utterance(self, piece: str, language: Language, private: bool = False) -> Utterance:
        known = self._pieces[language, private].get(piece)
        return known or Utterance(language, piece, None, private)

    def _fixed(self, source: Source) -> Speech | None:
        if source.slots:
            return None
        recorded = self._rendered.index(source.language).recordings.get(source.name) if source.recording else None
        if recorded:
            return (Utterance(source.language, source.text, str(self._rendered.path(source.language, recorded))),)
        return tuple(self._utterance(part, source.language) for part in source.parts if isinstance(part, str))

    def _value(self, value: Value, slot: Slot, source: Source) -> Speech:
        if isinstance(value, Prompt):
            return self.say(value.name, source.language)
        private = isinstance(value, Groups) and value.private
        try:
            pieces = spoken(value, source.language, slot.form)
        except ValueError as error:
            where = f"prompt {source.name!r} ({source.language}), slot {{{slot.name}}}"
            raise SlotError(f"{where}: {error}") from None
        return tuple(self._utterance(piece, source.language, private) for piece in pieces)


def _mismatch(source: Source, values: Mapping[str, Value]) -> str:
    missing = ", ".join(f"{{{slot}}}" for slot in sorted(source.slots - values.keys()))
    unknown = ", ".join(f"{{{slot}}}" for slot in sorted(values.keys() - source.slots))
    told = [f"no value for {missing}" if missing else "", f"no slot {unknown}" if unknown else ""]
    return f"prompt {source.name!r} ({source.language}): {'; '.join(filter(None, told))}"


def _sources(folder: Path, problems: list[Fault]) -> Iterator[Source]:
    for place in sorted(path for path in folder.glob("*") if path.is_dir()):
        for path in sorted(place.iterdir()):
            try:
                if path.suffix == ".txt":
                    yield read(path, place.name)
                elif path.suffix == ".wav" and not path.with_suffix(".txt").exists():
                    raise Unfit(Message("recording-without-text"), Message("write-its-text", file=f"{path.stem}.txt"))
            except Unfit as error:
                problems.append(Fault(path, error.reason, error.mend))
            except (ValueError, OSError) as error:
                problems.append(Fault(path, Message("prompt-other", why=str(error)), Message("write-text-anew")))
