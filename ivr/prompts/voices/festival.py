"""Festival: in Debian's free part, Russian of good quality, plain English."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from ivr.prompts import wav
from ivr.prompts.voices import Pcm, Programs, Speaker, Voice, voice
from ivr.speech import Language

DATA = Path("usr/share/festival")
FOLDERS = {"ru": "voices/russian/msu_ru_nsh_clunits", "en": "voices/english/kal_diphone"}


@voice
class Festival(Voice):
    """One run for many texts: a script that saves each."""

    name = "festival"
    rank = 20
    program = "festival"
    packages = ("festival", "festvox-ru", "festvox-kallpc16k")
    speakers: ClassVar = {
        "ru": Speaker("msu_ru_nsh_clunits", "BSD-like (N. V. Shmyrev)"),
        "en": Speaker("kal_diphone", "BSD-like (Black, Lenzo)"),
    }

    def installed(self, programs: Programs, language: Language) -> bool:
        """Whether the speaker's folder is there."""
        return (programs.path / DATA / FOLDERS[language]).is_dir()

    def speak(self, texts: Sequence[str], language: Language, programs: Programs) -> list[Pcm]:
        """The texts in one run."""
        with tempfile.TemporaryDirectory(prefix="kommutator-") as folder:
            script = Path(folder, "speak.scm")
            targets = [Path(folder, f"{number}.wav") for number in range(len(texts))]
            lines = [f"(voice_{self.speakers[language].name})"]
            lines += [
                f"(utt.save.wave (utt.synth (Utterance Text {_quoted(text)})) {_quoted(str(target))} 'riff)"
                for text, target in zip(texts, targets, strict=True)
            ]
            script.write_text("\n".join(lines), "utf-8")
            command = [*programs.command(self.program), *_places(programs), "-b", str(script)]
            self.run(command, "".join(texts), os.environ)
            return [wav.read(target) for target in targets]


def _quoted(text: str) -> str:
    """A string of Scheme."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _places(programs: Programs) -> list[str]:
    """Where an unpacked Festival finds its own files."""
    if programs.path == Path("/"):
        return []
    return ["--datadir", str(programs.path / DATA), "--libdir", str(programs.path / "usr/lib/festival")]
