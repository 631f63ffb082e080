"""Sound made fit for the telephone: level, peaks and ends, measured here by other means."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from ivr.prompts import level
from ivr.prompts.voices import Pcm, SynthesisError

RATE = 24_000


def bursts(seconds: float, amplitude: float, *, noise: float = 0.0, rate: int = RATE) -> Pcm:
    """Something like speech: a buzz of harmonics that swells four times a second, between 300 ms of near silence."""
    time = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * 140 * harmonic * time) / harmonic for harmonic in range(1, 20))
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * time)
    quiet = np.zeros(round(0.3 * rate))
    whole = np.concatenate([quiet, buzz * swell * amplitude / 3, quiet])
    whole += noise * np.random.default_rng(7).standard_normal(len(whole))
    return Pcm(rate, (np.clip(whole, -1, 1) * 32767).astype("<i2").tobytes())


def samples(sound: Pcm) -> np.ndarray:
    return np.frombuffer(sound.samples, "<i2").astype(float) / 32768


def active_decibels(sound: Pcm) -> float:
    """RMS over what lies within 15.9 dB of itself, in 20 ms frames."""
    heard = samples(sound)
    powers = (heard[: len(heard) // 160 * 160].reshape(-1, 160) ** 2).mean(1)
    mean = powers.mean()
    for _ in range(100):
        mean = powers[powers > mean / 10**1.59].mean()
    return 10 * np.log10(mean)


@pytest.mark.parametrize("amplitude", [0.01, 0.1, 0.9])
@pytest.mark.parametrize("seconds", [0.3, 1.0, 6.0])
def test_quiet_and_loud_short_and_long_become_equally_loud(amplitude: float, seconds: float):
    (fitted,) = level.fit([bursts(seconds, amplitude)])
    assert fitted.rate == 8000
    assert active_decibels(fitted) == pytest.approx(-22, abs=1)
    assert abs(level.active_level(fitted) - active_decibels(fitted)) < 0.2
    assert 20 * np.log10(abs(samples(fitted)).max()) < -3


def test_silence_at_the_ends_becomes_a_short_pause():
    (fitted,) = level.fit([bursts(1.0, 0.3, noise=0.0005)])
    assert 1.0 <= len(fitted.samples) / 2 / 8000 <= 1.0 + 0.02 + 0.06 + 0.06
    assert not samples(fitted)[:150].any()


def test_sounds_of_one_run_do_not_run_into_each_other():
    together = level.fit([bursts(0.5, 0.2), bursts(1.5, 0.8), bursts(0.7, 0.05)])
    apart = [level.fit([sound])[0] for sound in (bursts(0.5, 0.2), bursts(1.5, 0.8), bursts(0.7, 0.05))]
    for one, other in zip(together, apart, strict=True):
        assert abs(len(one.samples) - len(other.samples)) <= 2 * 160
        assert active_decibels(one) == pytest.approx(active_decibels(other), abs=0.2)


def test_a_rate_that_is_no_multiple_of_eight_thousand():
    fitted = level.fit([bursts(0.5, 0.2, rate=22_050)] * 5)
    assert len({len(sound.samples) // 320 for sound in fitted}) <= 2
    assert all(active_decibels(sound) == pytest.approx(-22, abs=1) for sound in fitted)


def test_peaks_are_turned_down_and_never_cut_off():
    sound = bursts(2.0, 0.05)
    clicks = np.frombuffer(sound.samples, "<i2").copy()
    clicks[RATE :: RATE // 3] = 32767
    clicks[RATE + 1 :: RATE // 3] = 32767
    clicks[RATE + 2 :: RATE // 3] = 32767
    (fitted,) = level.fit([Pcm(RATE, clicks.tobytes())])
    assert 20 * np.log10(abs(samples(fitted)).max()) < -3
    assert active_decibels(fitted) == pytest.approx(-22, abs=2)


def test_silence_is_no_speech():
    with pytest.raises(SynthesisError, match="silent"):
        level.fit([Pcm(RATE, bytes(48_000))])


def test_a_recording_of_any_form_is_made_fit(tmp_path: Path):
    mono = np.frombuffer(bursts(1.0, 0.05, rate=44_100).samples, "<i2")
    with wave.open(str(tmp_path / "greeting.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(np.column_stack([mono, mono]).tobytes())
    fitted = level.from_file(str(tmp_path / "greeting.wav"))
    assert active_decibels(fitted) == pytest.approx(-22, abs=1)


def test_a_file_that_is_no_sound_is_named(tmp_path: Path):
    (tmp_path / "greeting.wav").write_text("not a sound")
    with pytest.raises(SynthesisError, match=r"greeting\.wav"):
        level.from_file(str(tmp_path / "greeting.wav"))
