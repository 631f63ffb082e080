"""What is rendered, when, by which voice: with a synthesiser that hums."""

from __future__ import annotations

import math
import threading
import time
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from ivr.prompts import build as building
from ivr.prompts import wav
from ivr.prompts.build import NoVoice, build
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.prompts.level import active_level
from ivr.prompts.rendered import Rendered
from ivr.prompts.spoken import inventory
from ivr.prompts.status import status
from ivr.prompts.voices import Host, Pcm, Programs, Speaker, SynthesisError, Voice
from ivr.speech import Groups, Language, Text


class Hum(Voice):
    """Every text is a tone, as long as it has letters."""

    name = "hum"
    rank = 1
    program = "hum"
    packages = ()
    speakers: ClassVar = {"en": Speaker("low", "free"), "ru": Speaker("high", "free", "hum along")}

    def __init__(self, name: str = "hum", fails_on: str = "") -> None:
        self.name, self.fails_on = name, fails_on  # type: ignore[misc]
        self.said: list[str] = []

    def installed(self, programs: Programs, language: Language) -> bool:
        return True

    def speak(self, texts: Sequence[str], language: Language, programs: Programs) -> list[Pcm]:
        if self.fails_on and any(self.fails_on in text for text in texts):
            raise SynthesisError(f"{self.name} cannot say that")
        self.said += texts
        return [_tone(0.1 + len(text) / 100) for text in texts]


def _tone(seconds: float) -> Pcm:
    return Pcm(8000, array("h", (round(8000 * math.sin(at * 0.7)) for at in range(int(8000 * seconds)))).tobytes())


@pytest.fixture
def hum(monkeypatch: pytest.MonkeyPatch) -> Hum:
    voice = Hum()
    monkeypatch.setattr(building, "voices", lambda: (voice,))
    monkeypatch.setattr(building, "inventory", lambda language: frozenset(list(inventory(language))[:20]) | {"one"})
    return voice


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    (tmp_path / "texts/en").mkdir(parents=True)
    (tmp_path / "texts/en/welcome.txt").write_text("Press 1.")
    (tmp_path / "texts/en/number.txt").write_text("Your number is {number}, in {region}.")
    return tmp_path / "texts"


def here(voice: Voice, language: Language) -> Programs | None:
    return Host()


def silent(line: str) -> None:
    """Nobody waits."""


def test_everything_that_can_be_said_has_a_sound(hum: Hum, texts: Path, tmp_path: Path):
    (built,) = build(texts, tmp_path / "out", {"en": ["Tatarstan"]}, find=here, progress=silent)
    assert (built.language, built.voice, built.made) == ("en", "hum/low", len(hum.said))
    assert {"Press one.", "Your number is", "in", "Tatarstan"} <= set(hum.said)
    catalogue = Catalogue.load(texts, tmp_path / "out")
    speech = catalogue.say("number", "en", number=Groups(("1",)), region=Text("Tatarstan"))
    assert [utterance.text for utterance in speech] == ["Your number is", "one", ",", "in", "Tatarstan"]
    for utterance in (*speech, *catalogue.say("welcome", "en")):
        sound = wav.read(Path(f"{utterance.audio}.wav"))
        assert sound.rate == 8000
        assert utterance.text == "," or active_level(sound) == pytest.approx(-22, abs=1)
    assert catalogue.seconds("welcome", "en") == pytest.approx(0.1 + 0.1 + 0.08, abs=0.04)


def test_a_second_build_makes_nothing_starts_nothing_and_is_quick(hum: Hum, texts: Path, tmp_path: Path):
    build(texts, tmp_path / "out", find=here, progress=silent)
    hum.said.clear()

    def forbidden(voice: Voice, language: Language) -> Programs | None:
        raise AssertionError("nothing is missing, so no voice is looked for")

    started = time.perf_counter()
    (built,) = build(texts, tmp_path / "out", find=forbidden, progress=silent)
    assert (built.made, hum.said) == (0, [])
    assert time.perf_counter() - started < 1


def test_a_second_hotline_takes_the_sounds_from_the_cache(hum: Hum, texts: Path, tmp_path: Path):
    build(texts, tmp_path / "one", find=here, progress=silent, cache=tmp_path / "cache")
    hum.said.clear()
    build(texts, tmp_path / "two", find=here, progress=silent, cache=tmp_path / "cache")
    assert hum.said == []
    assert Catalogue.load(texts, tmp_path / "two").say("welcome", "en")[0].audio


def test_a_changed_text_is_made_and_the_old_one_removed(hum: Hum, texts: Path, tmp_path: Path):
    build(texts, tmp_path / "out", find=here, progress=silent)
    before = set((tmp_path / "out/en").glob("*.wav"))
    (tmp_path / "out/en/abc.999").write_text("left by a build that was interrupted")
    (texts / "en/welcome.txt").write_text("Press 2.")
    hum.said.clear()
    build(texts, tmp_path / "out", find=here, progress=silent)
    assert hum.said == ["Press two."]
    assert before < set((tmp_path / "out/en").glob("*.wav")), "an engine that runs still says the old text"
    build(texts, tmp_path / "out", find=here, progress=silent)
    after = set((tmp_path / "out/en").glob("*.wav"))
    assert (len(before - after), len(after - before)) == (1, 1)
    assert not (tmp_path / "out/en/abc.999").exists()


def test_a_recording_wins_over_synthesis(hum: Hum, texts: Path, tmp_path: Path):
    wav.write(texts / "en/welcome.wav", _tone(2.0))
    build(texts, tmp_path / "out", find=here, progress=silent)
    assert "Press one." not in hum.said
    catalogue = Catalogue.load(texts, tmp_path / "out")
    (utterance,) = catalogue.say("welcome", "en")
    assert utterance.text == "Press 1."
    assert active_level(wav.read(Path(f"{utterance.audio}.wav"))) == pytest.approx(-22, abs=1)
    assert catalogue.seconds("welcome", "en") == pytest.approx(2.08, abs=0.05)
    assert build(texts, tmp_path / "out", find=here, progress=silent)[0].made == 0


def test_the_next_voice_takes_over_a_whole_language(
    hum: Hum, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(building, "voices", lambda: (Hum("best", fails_on="Press"), hum))
    told: list[str] = []
    (built,) = build(texts, tmp_path / "out", find=here, progress=told.append)
    assert built.voice == "hum/low"
    assert "en: best cannot say that; trying the next voice" in told
    index = Rendered(tmp_path / "out").index("en")
    assert {sound.stem for sound in index.pieces.values()} == {p.stem for p in (tmp_path / "out/en").glob("*.wav")}


def test_a_language_keeps_its_voice_until_it_is_chosen_again(
    hum: Hum, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    build(texts, tmp_path / "out", find=here, progress=silent)
    monkeypatch.setattr(building, "voices", lambda: (Hum("best"), hum))
    (texts / "en/more.txt").write_text("More.")
    assert build(texts, tmp_path / "out", find=here, progress=silent)[0].voice == "hum/low"
    assert build(texts, tmp_path / "out", find=here, progress=silent, again=True)[0].voice == "best/low"


def test_no_voice_at_all_says_what_to_do(hum: Hum, texts: Path, tmp_path: Path):
    with pytest.raises(NoVoice, match=r"IVR_DEBIAN_MIRROR.*install hum"):
        build(texts, tmp_path / "out", find=lambda voice, language: None, progress=silent)
    assert status(texts, tmp_path / "out")[0].missing > 0


def test_a_folder_without_prompts_is_refused(hum: Hum, tmp_path: Path):
    with pytest.raises(PromptError, match="IVR_CONFIG"):
        build(tmp_path / "texts", tmp_path / "out", find=here, progress=silent)


def test_two_builds_at_once_do_not_disturb_each_other(hum: Hum, texts: Path, tmp_path: Path):
    def run() -> None:
        build(texts, tmp_path / "out", find=here, progress=silent)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hum.said) == len(set(hum.said))
    assert all(u.audio for u in Catalogue.load(texts, tmp_path / "out").say("welcome", "en"))


def test_status_tells_prompts_recordings_voice_and_what_is_missing(hum: Hum, texts: Path, tmp_path: Path):
    (before,) = status(texts, tmp_path / "out")
    assert (before.prompts, before.recorded, before.synthesised, before.voice) == (2, 0, 0, "")
    assert "ivr prompts build" in before.warnings[0]
    wav.write(texts / "en/welcome.wav", _tone(1.0))
    build(texts, tmp_path / "out", find=here, progress=silent)
    (after,) = status(texts, tmp_path / "out")
    assert (after.prompts, after.recorded, after.voice, after.licence) == (2, 1, "hum/low", "free")
    assert after.seconds > 1
