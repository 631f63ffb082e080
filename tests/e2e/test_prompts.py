"""Real synthesis by the voices that a fresh machine fetches: what callers will hear, measured."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ivr.prompts import wav
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.provide import places, render
from ivr.settings import Settings

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings.from_environment({"IVR_STATE": str(tmp_path_factory.mktemp("state"))})
    render(made, print)
    return made


def test_every_prompt_in_every_language_has_a_sound(settings: Settings):
    catalogue = Catalogue.load(*places(settings))
    assert set(catalogue.languages) == {"ru", "en", "tt"}
    for language in catalogue.languages:
        for name in catalogue.names(language):
            if not catalogue.slots(name, language):
                assert all(utterance.audio for utterance in catalogue.say(name, language)), (language, name)


def test_all_sounds_are_8_khz_equally_loud_unclipped_and_trimmed(settings: Settings):
    _, rendered = places(settings)
    sounds = [path for path in rendered.glob("*/*.wav") if not path.stem.startswith("silence")]
    made = Counter(path.parent.name for path in sounds)
    assert set(made) == {"ru", "en", "tt"}
    assert min(made.values()) > 300, made
    for path in sounds:
        sound = wav.read(path)
        heard = np.frombuffer(sound.samples, "<i2").astype(float) / 32768
        assert sound.rate == 8000
        assert active_decibels(heard) == pytest.approx(-22, abs=2), path
        assert abs(heard).max() < 10 ** (-3 / 20), path
        assert abs(heard[:800]).max() > 0.002, f"{path}: more than 100 ms of silence before"
        assert abs(heard[-1600:]).max() > 0.002, f"{path}: more than 200 ms of silence after"


def active_decibels(heard: np.ndarray) -> float:
    powers = (heard[: len(heard) // 160 * 160].reshape(-1, 160) ** 2).mean(1)
    mean = powers.mean()
    for _ in range(100):
        mean = powers[powers > mean / 10**1.59].mean()
    return 10 * np.log10(mean)


def test_a_second_build_takes_less_than_a_second_and_makes_nothing(settings: Settings):
    started = time.perf_counter()
    assert [built.made for built in render(settings, print)] == [0, 0, 0]
    assert time.perf_counter() - started < 1


def test_a_greeting_is_short_and_a_menu_bearable(settings: Settings):
    catalogue = Catalogue.load(*places(settings))
    for language in catalogue.languages:
        assert catalogue.seconds("welcome", language) <= 8
        assert catalogue.seconds("main", language) <= 20, language


def test_the_sounds_stay_where_they_are_said_to_be(settings: Settings):
    (utterance,) = Catalogue.load(*places(settings)).say("welcome", "tt")
    assert utterance.audio
    assert Path(f"{utterance.audio}.wav").is_absolute()
    assert Path(f"{utterance.audio}.wav").is_file()
