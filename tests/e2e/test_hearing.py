"""That the ear can be believed: right prompts score high, others low, whatever the telephone did to them."""

import numpy as np
import pytest

from tests.e2e import hearing
from tests.e2e.hearing import RATE, Sound


def babble(seed: int, seconds: float = 4.0) -> Sound:
    """Something like speech: 200 ms syllables, each a few formants on a voice of its own, with gaps between words."""
    chance = np.random.default_rng(seed)
    syllables = []
    for _ in range(int(seconds / 0.2)):
        t = np.arange(int(0.2 * RATE)) / RATE
        pitch = chance.uniform(90, 220)
        formants = chance.uniform(300, 3000, 3)
        voice = sum(np.sin(2 * np.pi * pitch * n * t) * _gain(pitch * n, formants) for n in range(1, 16))
        syllables.append(np.hanning(len(t)) * voice * (chance.random() > 0.2))
    sound = np.concatenate(syllables)
    return 0.3 * sound / np.max(np.abs(sound))


def _gain(frequency: float, formants: Sound) -> float:
    return float(np.sum(np.exp(-(((frequency - formants) / 150) ** 2))))


def over_the_telephone(sound: Sound, seed: int = 0) -> Sound:
    """A-law's coarse steps, and a jitter buffer that loses one frame and repeats another."""
    compressed = np.sign(sound) * np.log1p(87.6 * np.abs(sound)) / np.log1p(87.6)
    coarse = np.round(compressed * 127) / 127
    sound = np.sign(coarse) * np.expm1(np.abs(coarse) * np.log1p(87.6)) / 87.6
    frames = [sound[at : at + 160] for at in range(0, len(sound), 160)]
    lost, doubled = np.random.default_rng(seed).integers(20, 60, 2)
    del frames[lost]
    frames.insert(doubled, frames[doubled])
    return np.concatenate(frames)


@pytest.mark.parametrize("seed", range(5))
def test_a_prompt_is_found_at_its_place(seed: int) -> None:
    prompt = babble(seed)
    prompt = prompt[np.flatnonzero(np.abs(prompt) > 0.01)[0] :]
    heard = np.concatenate([babble(99, 1.0), over_the_telephone(prompt, seed), babble(98, 1.0)])
    match = hearing.find(heard, prompt)
    assert match.score > 0.85
    assert match.at == pytest.approx(1.0, abs=0.1)


def test_the_head_of_a_prompt_that_a_key_cut_short_is_found() -> None:
    prompt = babble(1)
    assert hearing.find(over_the_telephone(prompt)[: int(2.0 * RATE)], prompt, first=1.2)


@pytest.mark.parametrize("seed", range(1, 20))
def test_another_prompt_is_not(seed: int) -> None:
    assert hearing.find(over_the_telephone(babble(0)), babble(seed), first=1.2).score < 0.65


def test_nothing_is_found_in_nothing() -> None:
    assert not hearing.find(np.zeros(0), babble(0))
    assert not hearing.find(np.zeros(10 * RATE), babble(0))
    assert not hearing.find(babble(0), np.zeros(RATE))


def test_a_tone_is_told_from_speech_and_from_another_tone() -> None:
    heard = np.concatenate([np.zeros(RATE), over_the_telephone(hearing.tone(440, 2.0)), babble(3, 2.0)])
    assert hearing.seconds_of_tone(heard, 440) == pytest.approx(2.0, abs=0.2)
    assert hearing.seconds_of_tone(heard, 880) < 0.2


def test_silence_is_measured() -> None:
    heard = np.concatenate([babble(3, 1.0), np.zeros(3 * RATE), babble(4, 1.0)])
    assert hearing.longest_silence(heard) == pytest.approx(3.0, abs=0.25)
    assert hearing.longest_silence(np.zeros(RATE)) == 1.0
