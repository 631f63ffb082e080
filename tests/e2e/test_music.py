"""Music on hold is heard at once: its own slow beginning would be dead air."""

import wave

import numpy as np
import pytest

from ivr.asterisk.installation import present
from ivr.asterisk.music import prepared

pytestmark = pytest.mark.e2e

HEARD = 10 ** (-45 / 20) * 32768
"""Samples' effective value: music, however quiet."""


def test_every_piece_begins_within_a_tenth_of_a_second() -> None:
    installation = present()
    assert installation is not None
    pieces = sorted(prepared(installation.music, print).glob("*.wav"))
    assert len(pieces) >= 3
    for piece in pieces:
        with wave.open(str(piece)) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
            first = np.frombuffer(sound.readframes(800), dtype="<i2").astype(float)
        assert np.sqrt(np.mean(first**2)) > HEARD, piece.name
