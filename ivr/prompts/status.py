"""What can be said, by which voice, under which licence: for `ivr prompts status`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ivr.messages import Message, trouble
from ivr.prompts.build import needed
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.rendered import Index, Rendered
from ivr.prompts.texts import Source
from ivr.prompts.voices import Speaker, Voice, voices
from ivr.speech import Language


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    """One language's prompts. ``missing``: sounds still to be made; ``seconds``: length of all that are there.

    ``terms``: what the voice's licence asks of who uses it. ``warnings``: what a caller would suffer from.
    """

    language: Language
    prompts: int
    recorded: int
    synthesised: int
    missing: int
    seconds: float
    voice: str
    licence: str
    terms: str
    warnings: tuple[Message, ...]


def status(folder: Path, rendered: Path) -> tuple[LanguageStatus, ...]:
    """Each language that has prompts. Raises PromptError."""
    catalogue, places = Catalogue.load(folder, rendered), Rendered(rendered)
    return tuple(
        _status(language, catalogue.sources(language), places.index(language)) for language in catalogue.languages
    )


def _status(language: Language, sources: tuple[Source, ...], index: Index) -> LanguageStatus:
    recordings = [source.name for source in sources if source.recording]
    unmade = [name for name in recordings if name not in index.recordings]
    missing = [text for text in needed(sources, language, ()) if text not in index.pieces]
    voice, speaker = _voice(language, index.voice)
    sounds = (*index.pieces.values(), *index.recordings.values())
    return LanguageStatus(
        language=language,
        prompts=len(sources),
        recorded=len(recordings),
        synthesised=len(index.pieces),
        missing=len(missing) + len(unmade),
        seconds=round(sum(sound.seconds for sound in sounds), 1),
        voice=index.voice,
        licence=index.licence,
        terms=speaker.terms if speaker else "",
        warnings=tuple(_warnings(voice, len(missing) + len(unmade))),
    )


def _voice(language: Language, name: str) -> tuple[Voice | None, Speaker | None]:
    for voice in voices():
        speaker = voice.speakers.get(language)
        if speaker and f"{voice.name}/{speaker.name}" == name:
            return voice, speaker
    return None, None


def _warnings(voice: Voice | None, missing: int) -> list[Message]:
    warnings = []
    if missing:
        warnings.append(trouble(Message("sounds-missing", count=missing), Message("sounds-missing-mend")))
    if voice and voice.poor:
        warnings.append(trouble(Message("voice-poor", voice=voice.name), Message("voice-poor-mend")))
    return warnings
