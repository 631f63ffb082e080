"""The prompts of one hotline made ready: voices from the machine, else fetched; sounds shared through the cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ivr import debian
from ivr.flow.problem import Problems
from ivr.flow.service import PROMPTS, load
from ivr.messages import Message, words_of
from ivr.prompts.build import Built, build
from ivr.prompts.synthesis import Progress
from ivr.prompts.voices import Programs, Voice, on_host
from ivr.settings import Settings
from ivr.speech import Language


class Provide:
    """Finds a synthesiser: on the machine, else its packages unpacked into our cache."""

    def __init__(self, mirror: str | None, progress: Progress) -> None:
        self._mirror, self._progress = mirror, progress
        self._fetched: dict[str, Programs | None] = {}

    def __call__(self, voice: Voice, language: Language) -> Programs | None:
        """Where ``voice`` can be run to speak ``language``; None, with the reason told, when it cannot be had."""
        here = on_host(voice, language)
        if here:
            return here
        if voice.name not in self._fetched:
            self._fetched[voice.name] = self._fetch(voice)
        programs = self._fetched[voice.name]
        return programs if programs and voice.installed(programs, language) else None

    def _fetch(self, voice: Voice) -> Programs | None:
        try:
            return debian.fetch(f"voice-{voice.name}", voice.packages, mirror=self._mirror, progress=self._progress)
        except debian.ProvisionError as error:
            self._progress(Message("voice-unfetched", voice=voice.name, why=words_of(error)))
            return None


def places(settings: Settings) -> tuple[Path, Path]:
    """The folders of the hotline's texts and of its rendered sounds, as Catalogue.load takes them."""
    return settings.config / PROMPTS, settings.state / "prompts"


def render(settings: Settings, progress: Progress, *, again: bool = False) -> tuple[Built, ...]:
    """Make every sound of this hotline that is missing; nothing is fetched or started when none is.

    Raises PromptError, NoVoice, SynthesisError, each saying what to mend.
    """
    texts, rendered = places(settings)
    find = Provide(settings.debian_mirror, progress)
    cache = debian.cache() / "prompts"
    extra = region_names(settings.config)
    return build(texts, rendered, extra, find=find, cache=cache, progress=progress, again=again)


def region_names(config: Path) -> Mapping[Language, Iterable[str]]:
    """The regions' names by language, said as Text; none while regions.yaml cannot be used (`ivr check` tells why)."""
    try:
        lines = load(config).lines.values()
    except Problems:
        return {}
    names: dict[Language, list[str]] = {}
    for line in lines:
        for language, name in sorted(line.names.items()):
            names.setdefault(language, []).append(name)
    return names
