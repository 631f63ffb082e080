"""What is in a recording: a given prompt, a tone, silence. Sound is an array of float samples (±1) at 8 kHz.

A prompt reaches a phone through A-law and a jitter buffer, which drops and repeats a frame now and then. So it is not
correlated whole: it is cut into windows of 0.3 s, each of which may slip by 40 ms, and their normalised
cross-correlations are averaged where all lie at their places. test_hearing.py shows why 0.75 parts right from wrong.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
CERTAIN = 0.75
"""The score from which on a prompt counts as heard."""
WINDOW = 2400
POOL = 80  # samples: places are told apart to 10 ms
SLIP = 4  # pools: how far a window may have slipped
QUIET = 10 ** (-50 / 20)  # of full scale
WAV_HEADER = 44

Sound = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Match:
    """How well a prompt fits (0 to 1) and at which second its first sound is."""

    score: float
    at: float

    def __bool__(self) -> bool:
        return self.score >= CERTAIN


def read(path: Path) -> Sound:
    """A 16-bit mono wav of 8 kHz, even one that is still being written: its header is not believed about length."""
    data = path.read_bytes() if path.exists() else b""
    start = data.find(b"data", 12) + 8
    if start < WAV_HEADER:
        return np.zeros(0)
    body = data[start : len(data) - (len(data) - start) % 2]
    return np.frombuffer(body, "<i2").astype(np.float64) / 32768


def write(path: Path, sound: Sound) -> Path:
    """Write a 16-bit wav."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def find(heard: Sound, prompt: Sound, *, first: float = 3.0) -> Match:
    """Where in ``heard`` the first ``first`` seconds of ``prompt`` fit best."""
    prompt = _voiced(_band(prompt))[: int(first * RATE)]
    heard = _band(heard)
    windows = [(at, piece) for at in range(0, len(prompt), WINDOW) if _matters(piece := prompt[at : at + WINDOW])]
    pools = len(heard) // POOL - len(prompt) // POOL
    if not windows or pools <= 0:
        return Match(0.0, 0.0)
    fits = [_pooled(_correlate(heard, piece))[at // POOL :][:pools] for at, piece in windows]
    shortest = min(len(fit) for fit in fits)
    mean = np.mean([fit[:shortest] for fit in fits], axis=0)
    best = int(np.argmax(mean))
    return Match(float(mean[best]), best * POOL / RATE)


def tone(frequency: float, seconds: float, level: float = 0.2) -> Sound:
    """A sine, at -14 dBFS unless told otherwise."""
    return level * np.sin(2 * np.pi * frequency * np.arange(int(seconds * RATE)) / RATE)


def seconds_of_tone(heard: Sound, frequency: float) -> float:
    """For how many seconds the tone carries at least half of the power (Goertzel's filter on blocks of 50 ms)."""
    block = 400
    blocks = heard[: len(heard) // block * block].reshape(-1, block)
    power = np.mean(blocks**2, axis=1)
    turn = np.exp(-2j * np.pi * frequency * np.arange(block) / RATE)
    carried = 2 * np.abs(blocks @ turn / block) ** 2
    return float(np.count_nonzero((power > QUIET**2) & (carried > power / 2)) * block / RATE)


def longest_silence(heard: Sound) -> float:
    """The longest run of silence, in seconds."""
    blocks = heard[: len(heard) // POOL * POOL].reshape(-1, POOL)
    loud = np.flatnonzero(np.sqrt(np.mean(blocks**2, axis=1)) > QUIET)
    edges = np.concatenate([[-1], loud, [len(blocks)]])
    return float(np.max(np.diff(edges) - 1) * POOL / RATE)


def _band(sound: Sound) -> Sound:
    """300 to 3,400 Hz: what a telephone carries, and what tells words apart."""
    if not len(sound):
        return sound
    spectrum = np.fft.rfft(sound)
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(frequencies < 300) | (frequencies > 3400)] = 0
    return np.fft.irfft(spectrum, len(sound))


def _voiced(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > QUIET * 2)
    return sound[loud[0] :] if len(loud) else sound[:0]


def _matters(piece: Sound) -> bool:
    return len(piece) == WINDOW and float(np.sqrt(np.mean(piece**2))) > QUIET * 2


def _correlate(heard: Sound, piece: Sound) -> Sound:
    """Normalised cross-correlation at every place."""
    size = 1 << (len(heard) + len(piece) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(piece, size)), size)
    places = len(heard) - len(piece) + 1
    energy = np.concatenate([[0.0], np.cumsum(heard**2)])
    under = np.maximum(energy[len(piece) :] - energy[:places], len(piece) * QUIET**2)
    return product[:places] / np.sqrt(under * np.sum(piece**2))


def _pooled(fit: Sound) -> Sound:
    """The best within ±SLIP pools of each place."""
    pools = fit[: len(fit) // POOL * POOL].reshape(-1, POOL).max(axis=1)
    padded = np.pad(pools, SLIP, constant_values=-1.0)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * SLIP + 1).max(axis=1)
