"""Renders all that can be said, before any call: makes what is missing, removes what the last build left unneeded."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.messages import Message
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.prompts.grammar import PAUSE
from ivr.prompts.rendered import Index, Rendered, Sound
from ivr.prompts.spoken import inventory
from ivr.prompts.store import Store
from ivr.prompts.synthesis import Progress, Synthesis
from ivr.prompts.texts import STOP, Slot, Source
from ivr.prompts.voices import Find, SynthesisError, Voice, on_host, voices
from ivr.speech import Language


class NoVoice(Exception):
    """A language that nothing here can speak; says what to do."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did in one language: sounds in all, those made now, the voice (``name/speaker``)."""

    language: Language
    sounds: int
    made: int
    voice: str


def build(
    folder: Path,
    rendered: Path,
    extra_texts: Mapping[Language, Iterable[str]] | None = None,
    *,
    find: Find = on_host,
    cache: Path | None = None,
    progress: Progress = print,
    again: bool = False,
) -> tuple[Built, ...]:
    """Render the prompts of ``folder`` and every spoken value into ``rendered``, in every language that has prompts.

    ``extra_texts``: what will be said as Text. ``find`` says where synthesisers run from. ``cache``: a folder of
    sounds shared by several hotlines. ``again`` chooses the voices anew. Raises PromptError, NoVoice, SynthesisError.
    """
    catalogue = Catalogue.load(folder, rendered)
    if not catalogue.languages:
        raise PromptError(Message("no-prompts", folder=str(folder)))
    rendered.mkdir(parents=True, exist_ok=True)
    with _alone(rendered):
        places = Rendered(rendered)
        return tuple(
            _Language(language, catalogue.sources(language), places, find, cache, progress).build(
                (extra_texts or {}).get(language, ()), again
            )
            for language in catalogue.languages
        )


def needed(sources: Iterable[Source], language: Language, extra: Iterable[str]) -> list[str]:
    """Every piece of text that must have a sound, the prompts' own first."""
    fixed = [part for source in sources if not source.recording for part in source.parts if not isinstance(part, Slot)]
    pieces = dict.fromkeys((*fixed, *extra, *sorted(inventory(language))))
    return [piece for piece in pieces if piece not in (PAUSE, STOP)]


@dataclass(frozen=True, slots=True)
class _Language:
    language: Language
    sources: tuple[Source, ...]
    rendered: Rendered
    find: Find
    cache: Path | None
    progress: Progress

    def build(self, extra: Iterable[str], again: bool) -> Built:
        store = Store(self.rendered.folder / self.language, self.cache and self.cache / self.language)
        before = self.rendered.index(self.language)
        recordings, recorded = self._recordings(store)
        texts = needed(self.sources, self.language, extra)
        chosen, pieces, made = self._spoken(store, texts, "" if again else before.voice)
        speaker = chosen.speakers[self.language]
        pieces |= {PAUSE: store.silence(0.2), STOP: store.silence(0.4)}
        index = Index(f"{chosen.name}/{speaker.name}", speaker.licence, pieces, recordings)
        if index != before:
            self.rendered.write(self.language, index)
        store.keep_only(_stems(index) | _stems(before))  # a running engine says what the index was when it started
        return Built(self.language, len(pieces) + len(recordings), made + recorded, index.voice)

    def _recordings(self, store: Store) -> tuple[dict[str, Sound], int]:
        sounds, made = {}, 0
        for source in self.sources:
            if source.recording:
                sounds[source.name], fresh = store.recording(source.recording)
                made += fresh
        return sounds, made

    def _spoken(self, store: Store, texts: list[str], usual: str) -> tuple[Voice, dict[str, Sound], int]:
        """The sound of each text by the best voice to be had; the voice used before goes first."""
        able = [voice for voice in voices() if self.language in voice.speakers]
        for voice in sorted(able, key=lambda voice: f"{voice.name}/{voice.speakers[self.language].name}" != usual):
            work = Synthesis(voice, self.language, store, self.progress)
            missing = work.missing(texts)
            try:
                if missing:
                    programs = self.find(voice, self.language)
                    if programs is None:
                        continue
                    work.make(missing, programs)
                return voice, work.sounds(texts), len(missing)
            except SynthesisError as error:
                self.progress(f"{self.language}: {error}; trying the next voice")
        raise NoVoice(
            f"no voice speaks {self.language!r} here: with a network, set IVR_DEBIAN_MIRROR to a mirror of Debian that "
            f"answers; without one, install {' or '.join(voice.name for voice in able)}"
        )


def _stems(index: Index) -> set[str]:
    return {sound.stem for sound in (*index.pieces.values(), *index.recordings.values())}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One build at a time in a folder; another waits."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
