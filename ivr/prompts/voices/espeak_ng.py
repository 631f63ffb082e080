"""eSpeak NG: speaks all three languages everywhere, understood with difficulty."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from ivr.prompts import wav
from ivr.prompts.voices import Pcm, Programs, Speaker, Voice, voice
from ivr.speech import Language


@voice
class EspeakNg(Voice):
    """One run a text: starting costs little."""

    name = "espeak-ng"
    rank = 90
    poor = True
    program = "espeak-ng"
    packages = ("espeak-ng",)
    speakers: ClassVar = {
        "ru": Speaker("ru", "GPL-3+"),
        "en": Speaker("en-gb", "GPL-3+"),
        "tt": Speaker("tt", "GPL-3+"),
    }

    def installed(self, programs: Programs, language: Language) -> bool:
        """Every language comes with the program."""
        return True

    def speak(self, texts: Sequence[str], language: Language, programs: Programs) -> list[Pcm]:
        """The texts, one run each."""
        options = ["-v", self.speakers[language].name, "-s", "145", "--stdin"]
        place = next(programs.path.glob("usr/lib/*/espeak-ng-data"), None)
        if programs.path != Path("/") and place:
            options += [f"--path={place.parent}"]
        sounds: list[Pcm] = []
        with tempfile.TemporaryDirectory(prefix="kommutator-") as folder:
            target = Path(folder, "speech.wav")
            for text in texts:
                self.run([*programs.command(self.program), *options, "-w", str(target)], text, os.environ)
                sounds.append(wav.read(target))
        return sounds
