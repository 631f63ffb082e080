"""Recordings belong to a version, are on the disk once, and stay within a bound."""

from itertools import count
from pathlib import Path

import pytest

from ivr.golive import recorded as module
from ivr.golive.recorded import recorded
from ivr.golive.versions import Versions

WELCOME, GOODBYE = "recordings/prompts/ru/welcome.wav", "recordings/prompts/ru/goodbye.wav"


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    clock = count(1)
    return Versions(tmp_path / "state", lambda: float(next(clock)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config/recordings/prompts/ru").mkdir(parents=True)
    return tmp_path / "config"


def lives(versions: Versions, folder: Path, version: str, **wavs: bytes) -> None:
    """The folder holds these recordings, and no other, when the version goes live."""
    for path in (folder / "recordings/prompts/ru").iterdir():
        path.unlink()
    for name, sound in wavs.items():
        (folder / f"recordings/prompts/ru/{name}.wav").write_bytes(sound)
    versions.went_live(version, {"queues.yaml": version.encode()}, "anna", "", folder)


def on_disk(versions: Versions) -> int:
    """Bytes of recordings, a file of several names counted once."""
    files = {path.stat().st_ino: path.stat().st_size for path in versions.folder.rglob("*") if path.is_file()}
    texts = sum(path.stat().st_size for path in versions.folder.rglob("*") if path.suffix in (".yaml", ".json"))
    return sum(files.values()) - texts


def test_a_versions_recordings_come_back_and_others_go(versions: Versions, folder: Path) -> None:
    lives(versions, folder, "aa", welcome=b"first")
    lives(versions, folder, "bb", welcome=b"second", goodbye=b"farewell")
    assert not versions.holds("aa", folder)
    assert versions.restore("aa", folder) == []
    assert (folder / WELCOME).read_bytes() == b"first"
    assert not (folder / GOODBYE).exists()
    assert versions.restore("bb", folder) == []
    assert (folder / GOODBYE).read_bytes() == b"farewell"


def test_a_sound_that_many_versions_have_is_kept_once(versions: Versions, folder: Path) -> None:
    for number in range(5):
        lives(versions, folder, f"a{number}", welcome=b"w" * 1000, goodbye=b"w" * 1000)
    assert on_disk(versions) == 1000


def test_beyond_the_bound_the_oldest_versions_lose_theirs_and_a_rollback_says_so(
    versions: Versions, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIMIT", 2500)
    for number in range(4):
        lives(versions, folder, f"a{number}", welcome=str(number).encode() * 1000)
    assert on_disk(versions) == 2000
    assert versions.restore("a0", folder) == [WELCOME]
    assert (folder / WELCOME).read_bytes() == b"3" * 1000, "what stands there is better than silence"
    assert versions.restore("a2", folder) == []
    assert (folder / WELCOME).read_bytes() == b"2" * 1000


def test_a_version_of_an_engine_that_kept_no_recordings_leaves_those_of_the_folder(
    versions: Versions, folder: Path
) -> None:
    versions.went_live("aa", {"queues.yaml": b"aa"}, "anna", "")
    lives(versions, folder, "bb", welcome=b"mine")
    assert versions.restore("aa", folder) == []
    assert recorded(folder).keys() == {WELCOME}


def test_a_recording_that_changes_while_it_is_kept_is_the_next_versions(
    versions: Versions, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / WELCOME).write_bytes(b"new already")
    monkeypatch.setattr("ivr.golive.versions.recorded", lambda _: {WELCOME: "0" * 64})
    versions.went_live("aa", {"queues.yaml": b"aa"}, "anna", "", folder)
    assert versions.restore("aa", folder) == [WELCOME]
    assert (folder / WELCOME).read_bytes() == b"new already"
