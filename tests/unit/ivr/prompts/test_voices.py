"""The voices' contract, and how each is spoken to."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ivr.prompts.voices import Programs, SynthesisError, Voice, voices
from ivr.prompts.voices.rhvoice import SEPARATORS

ALL = pytest.mark.parametrize("voice", voices(), ids=lambda voice: voice.name)


class Pretended:
    """Packages in ``path`` whose programs are a Python script."""

    def __init__(self, path: Path, script: str) -> None:
        self.path = path
        (path / "program.py").write_text(script)

    def command(self, program: str) -> list[str]:
        return [sys.executable, str(self.path / "program.py")]


def test_the_best_voice_comes_first():
    assert [voice.name for voice in voices()] == ["rhvoice", "festival", "espeak-ng"]
    assert [voice.poor for voice in voices()] == [False, False, True]


@ALL
def test_a_voice_says_what_it_needs(voice: Voice):
    assert voice.speakers
    assert voice.packages
    assert all(speaker.licence and speaker.name for speaker in voice.speakers.values())


@ALL
def test_without_its_speaker_a_voice_is_not_installed(voice: Voice, tmp_path: Path):
    programs: Programs = Pretended(tmp_path, "")
    assert voice.installed(programs, next(iter(voice.speakers))) is (voice.name == "espeak-ng")


@ALL
@pytest.mark.parametrize(
    ("script", "problem"),
    [("raise SystemExit('no such voice')", "no such voice"), ("import os; os.abort()", "ended with"), ("", "no sound")],
)
def test_a_failing_program_is_an_error_with_its_words(voice: Voice, tmp_path: Path, script: str, problem: str):
    with pytest.raises(SynthesisError, match=problem):
        voice.speak(["один"], "ru", Pretended(tmp_path, script))


HUMS = """
import re, sys, wave
texts = re.findall('<s>(.*?)</s>', sys.stdin.read(), re.S)
with wave.open(sys.argv[sys.argv.index('-o') + 1], 'wb') as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(24000)
    for text in texts:
        file.writeframes((text * 3).encode('utf-16-le'))
"""


def test_rhvoice_says_many_texts_in_one_run(tmp_path: Path):
    (rhvoice,) = [voice for voice in voices() if voice.name == "rhvoice"]
    texts = ["один & <два>", "три", "четыре"]
    sounds = rhvoice.speak(texts, "ru", Pretended(tmp_path, HUMS))
    said = [sound.samples.decode("utf-16-le") for sound in sounds]
    assert said == [text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") * 3 for text in texts]


def test_rhvoice_says_texts_singly_where_the_separator_is_one_of_them(tmp_path: Path):
    (rhvoice,) = [voice for voice in voices() if voice.name == "rhvoice"]
    sounds = rhvoice.speak(["три", SEPARATORS["ru"]], "ru", Pretended(tmp_path, HUMS))
    assert [sound.samples.decode("utf-16-le") for sound in sounds] == ["три" * 3, SEPARATORS["ru"] * 3]


def test_a_text_is_never_a_command(tmp_path: Path):
    (festival,) = [voice for voice in voices() if voice.name == "festival"]
    show = "import shutil, sys; shutil.copy(sys.argv[-1], sys.argv[0] + '.seen')"
    with pytest.raises(SynthesisError):
        festival.speak(['") (system "touch x") \\'], "ru", Pretended(tmp_path, show))
    assert '(Utterance Text "\\") (system \\"touch x\\") \\\\")' in (tmp_path / "program.py.seen").read_text("utf-8")
    assert not os.path.lexists("x")
