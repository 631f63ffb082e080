"""No Asterisk to be had: told with the mend, and nothing half done is left. In place of apt, what apt says then."""

from pathlib import Path

import pytest

from ivr import debian
from ivr.sources import Source

MIRROR = "http://mirror.invalid/debian"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs before all others; the cache is a folder of the test's."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(debian, "source", lambda mirror: Source(mirror or "", "sid", ("main",), Path("/keyring")))
    return folder


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def refused() -> str:
    with pytest.raises(debian.ProvisionError) as error:
        debian.fetch("asterisk", ("asterisk",), mirror=MIRROR, progress=lambda _: None)
    left = [path.name for path in (debian.cache()).iterdir()]
    assert left == ["asterisk.lock"]
    return str(error.value)


def test_a_mirror_that_does_not_answer(programs: Path) -> None:
    program(programs / "apt-get", 'echo "E: Could not connect" >&2; exit 100')
    program(programs / "dpkg-deb", "exit 0")
    words = refused()
    assert MIRROR in words
    assert "IVR_DEBIAN_MIRROR" in words
    assert "Could not connect" in words


def test_an_archive_that_cannot_be_unpacked(programs: Path) -> None:
    archive = "$(dirname $APT_CONFIG)/cache/archives/a.deb"
    program(programs / "apt-get", f"touch {archive}")
    program(programs / "dpkg-deb", 'echo "not a Debian archive" >&2; exit 2')
    assert "not a Debian archive" in refused()


def test_a_machine_without_apt(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(programs))
    assert "install Asterisk 20 or newer" in refused()


def test_without_a_mirror(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(programs / "apt-get", "exit 0")
    program(programs / "dpkg-deb", "exit 0")
    monkeypatch.setattr(debian, "source", lambda mirror: None)
    assert "IVR_DEBIAN_MIRROR" in refused()
