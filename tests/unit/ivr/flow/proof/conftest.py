from __future__ import annotations

import wave
from pathlib import Path

import pytest


@pytest.fixture
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of two and a half seconds."""
    path = tmp_path_factory.mktemp("recorded") / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(40000))
    return path
