"""Sound made fit for the telephone: its band, its level, and short silences at its ends.

Loudness normalisers made for programmes (EBU R 128, ffmpeg's loudnorm) need 400 ms and more to measure, and a digit is
shorter. So the active speech level is measured after the idea of ITU-T P.56: the mean power of the 20 ms frames that
lie less than 15.9 dB below that mean.
"""

from __future__ import annotations

import math
import subprocess
import sys
from array import array
from collections.abc import Sequence
from itertools import pairwise
from operator import mul

import imageio_ffmpeg

from ivr.prompts.voices import Pcm, SynthesisError

RATE = 8000
TARGET = -22.0
"""Active speech level, dB relative to full scale (RFC 7874, section 4)."""
PEAK = -3.2
"""No sample is above this, dB relative to full scale."""
MARGIN = 15.9
START, END = 40.0, 35.0
"""Frames so far below the active level, in dB, are silence before and after speech: an «s» is louder, breath is not."""
LEAD, TAIL = 0.02, 0.06
"""Silence before and after speech, seconds."""
BAND = "highpass=f=200,lowpass=f=3400"
VERSION = "3"
"""Part of every sound's name: change it when anything here changes what is heard."""

_FULL = 32768.0
_FRAME = RATE // 50
_PAD = 0.25


def silence(seconds: float) -> Pcm:
    """Nothing, for so long."""
    return Pcm(RATE, bytes(2 * round(seconds * RATE)))


def fit(sounds: Sequence[Pcm]) -> list[Pcm]:
    """Each sound at 8 kHz in the telephone band, at TARGET, trimmed. One run of ffmpeg for all."""
    rate = sounds[0].rate
    pad = bytes(2 * round(_PAD * rate))
    joined = _narrowed(pad.join((b"", *(sound.samples for sound in sounds), b"")), rate)
    fitted, position = [], 0.0
    for sound in sounds:
        length = len(sound.samples) / 2 / rate + _PAD
        start, end = round((position + _PAD / 2) * RATE), round((position + length + _PAD / 2) * RATE)
        fitted.append(levelled(joined[start:end]))
        position += length
    return fitted


def levelled(samples: array[int]) -> Pcm:
    """Samples at 8 kHz trimmed to the speech and brought to TARGET. Raises SynthesisError when there is none."""
    powers = _powers(samples)
    level = _active(powers)
    if level <= 1.0:
        raise SynthesisError("the sound is silent")
    first = next(number for number, power in enumerate(powers) if power > level / 10 ** (START / 10))
    last = max(number for number, power in enumerate(powers) if power > level / 10 ** (END / 10))
    speech = samples[first * _FRAME : (last + 1) * _FRAME]
    out = array("h", bytes(2 * round(LEAD * RATE)))
    out.extend(_amplified(speech, math.sqrt(level)))
    out.extend(bytes_to_samples(silence(TAIL).samples))
    return Pcm(RATE, _little(out).tobytes())


def active_level(sound: Pcm) -> float:
    """Active speech level of a sound at 8 kHz, dB relative to full scale."""
    level = _active(_powers(bytes_to_samples(sound.samples)))
    return 10 * math.log10(level / _FULL**2) if level else -math.inf


def bytes_to_samples(samples: bytes) -> array[int]:
    """Little-endian bytes as numbers."""
    return _little(array("h", samples))


def from_file(path: str) -> Pcm:
    """A recording of any format ffmpeg reads, made fit. Raises SynthesisError."""
    return levelled(_ffmpeg(["-i", path], b"", path))


def _narrowed(samples: bytes, rate: int) -> array[int]:
    return _ffmpeg(["-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"], samples, "a synthesised sound")


def _ffmpeg(source: list[str], data: bytes, what: str) -> array[int]:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, "-vn", "-af", BAND]
    command += ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "pipe:1"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=120, check=True)  # noqa: S603
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip().splitlines()
        raise SynthesisError(f"{what}: {told[-1] if told else 'ffmpeg failed'}") from None
    except subprocess.TimeoutExpired:
        raise SynthesisError(f"{what}: ffmpeg took longer than two minutes") from None
    return bytes_to_samples(done.stdout)


def _powers(samples: array[int]) -> list[float]:
    frames = (samples[start : start + _FRAME] for start in range(0, len(samples), _FRAME))
    return [sum(map(mul, frame, frame)) / _FRAME for frame in frames]


def _active(powers: Sequence[float]) -> float:
    """Mean power of the frames that are speech."""
    kept, level = list(powers), 0.0
    while kept:
        level = sum(kept) / len(kept)
        louder = [power for power in kept if power > level / 10 ** (MARGIN / 10)]
        if len(louder) == len(kept):
            break
        kept = louder
    return level


def _amplified(speech: array[int], amplitude: float) -> array[int]:
    """Speech of this active amplitude at TARGET; louder again where turning down its peaks made it quieter."""
    target, limit = _FULL * 10 ** (TARGET / 20), _FULL * 10 ** (PEAK / 20)
    gain = target / amplitude
    for _ in range(4):
        scaled = _scaled(speech, gain, limit)
        reached = math.sqrt(_active(_powers(scaled)))
        if abs(reached - target) < target / 20:
            break
        gain *= target / reached
    return scaled


def _scaled(samples: array[int], gain: float, limit: float) -> array[int]:
    """Samples times ``gain``; where a peak would pass ``limit``, the 5 ms around it are turned down smoothly."""
    if max(map(abs, samples)) * gain <= limit:
        return array("h", (round(sample * gain) for sample in samples))
    block = RATE // 200
    peaks = [max(map(abs, samples[start : start + block])) * gain for start in range(0, len(samples), block)]
    needed = [min(1.0, limit / peak) if peak else 1.0 for peak in peaks]
    held = [min(needed[max(0, number - 2) : number + 3]) for number in range(len(needed))]
    corners = [held[0], *(min(pair) for pair in pairwise(held)), held[-1]]
    return array(
        "h",
        (
            round(
                sample
                * gain
                * (corners[at // block] * (1 - at % block / block) + corners[at // block + 1] * (at % block / block))
            )
            for at, sample in enumerate(samples)
        ),
    )


def _little(samples: array[int]) -> array[int]:
    """Files are little-endian on every machine."""
    if sys.byteorder == "big":
        samples.byteswap()
    return samples
