"""RHVoice: the best freely running Russian, and the only understandable Tatar."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from xml.sax.saxutils import escape

from ivr.prompts import wav
from ivr.prompts.voices import Pcm, Programs, Speaker, SynthesisError, Voice, voice
from ivr.speech import Language

DATA = ("usr/share/RHVoice", "usr/local/share/RHVoice")
SEPARATORS = {"ru": "а", "en": "uh", "tt": "ә"}
"""A word that no prompt consists of, said between two texts of one run."""


@voice
class RhVoice(Voice):
    """Many texts in one run: starting costs more than speaking.

    Equal sentences get equal samples (seen with 1.14), so the sound of a separating word, known from the same run,
    tells where one text ends and the next begins. Where the count does not come out, texts are spoken one by one.
    """

    name = "rhvoice"
    rank = 10
    program = "RHVoice-test"
    packages = ("rhvoice", "rhvoice-russian", "rhvoice-tatar", "rhvoice-english")
    speakers: ClassVar = {
        "ru": Speaker("anna", "GPL-2+"),
        "en": Speaker("slt", "CMU"),
        "tt": Speaker("talgat", "Talgat", "not for sale: neither the voice nor its sound may be sold", rate=120),
    }

    def __init__(self) -> None:
        self._separators: dict[tuple[Language, Path], Pcm] = {}

    def installed(self, programs: Programs, language: Language) -> bool:
        """Whether the speaker's folder is there."""
        speaker = self.speakers[language].name
        return any((programs.path / data / "voices" / speaker).is_dir() for data in DATA)

    def speak(self, texts: Sequence[str], language: Language, programs: Programs) -> list[Pcm]:
        """The texts in one run; singly where that fails."""
        separator = SEPARATORS[language]
        if len(texts) > 1:
            whole = self._say([separator, *(part for text in texts for part in (text, separator))], language, programs)
            sounds = _cut(whole, self._separator(language, programs), len(texts))
            if sounds:
                return sounds
        return [self._say([text], language, programs) for text in texts]

    def _separator(self, language: Language, programs: Programs) -> Pcm:
        key = (language, programs.path)
        if key not in self._separators:
            self._separators[key] = self._say([SEPARATORS[language]], language, programs)
        return self._separators[key]

    def _say(self, texts: Sequence[str], language: Language, programs: Programs) -> Pcm:
        document = "".join(f"<s>{escape(text)}</s>\n" for text in texts)
        with tempfile.TemporaryDirectory(prefix="kommutator-") as folder:
            target = Path(folder, "speech.wav")
            speaker = self.speakers[language]
            options = ["-s", "-p", speaker.name, "-r", str(speaker.rate), "-o", str(target)]
            command = [*programs.command(self.program), *options]
            self.run(command, f"<speak>\n{document}</speak>\n", _environment(programs))
            sound = wav.read(target)
        if not sound.samples:
            raise SynthesisError(f"{self.name} said nothing for {texts[0]!r}")
        return sound


def _environment(programs: Programs) -> dict[str, str]:
    """Where an unpacked RHVoice finds its voices; the machine's own knows."""
    if programs.path == Path("/"):
        return dict(os.environ)
    here = {"RHVOICE_DATA_PATH": programs.path / DATA[0], "RHVOICE_CONFIG_PATH": programs.path / "etc/RHVoice"}
    return {**os.environ, **{name: str(path) for name, path in here.items()}}


def _cut(whole: Pcm, separator: Pcm, count: int) -> list[Pcm]:
    """The sounds between separators; empty when they are not ``count``."""
    parts = whole.samples.split(separator.samples)
    inner = parts[1:-1]
    if len(inner) != count or parts[0] or parts[-1] or not all(inner) or any(len(part) % 2 for part in inner):
        return []
    return [Pcm(whole.rate, part) for part in inner]
