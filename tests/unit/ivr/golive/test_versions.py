"""What was live is kept, within bounds, and found again."""

from itertools import count
from pathlib import Path

import pytest

from ivr.golive import versions as module
from ivr.golive.versions import UnknownVersion, Versions


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    clock = count(1)
    return Versions(tmp_path, lambda: float(next(clock)))


def test_old_ones_go_and_what_is_left_can_be_read(versions: Versions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    for name in ("aa", "ab", "cc"):
        versions.went_live(name, {"queues.yaml": name.encode()}, "anna", "")
    assert [change.version for change in versions.changes()] == ["ab", "cc"]
    assert versions.content("ab") == {"queues.yaml": b"ab"}
    assert not versions.content_folder("aa").exists()


def test_a_version_is_named_by_its_beginning(versions: Versions) -> None:
    for name in ("aabb", "aacc", "dd"):
        versions.went_live(name, {"queues.yaml": b""}, "anna", "")
    assert (versions.find("aac", "dd"), versions.find("", "dd"), versions.live()) == ("aacc", "aacc", "dd")
    for vague in ("aa", "ff"):
        with pytest.raises(UnknownVersion, match="ivr versions"):
            versions.find(vague, "dd")


def test_what_was_live_last_outlives_any_number_that_were_not(
    versions: Versions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    versions.went_live("aa", {"queues.yaml": b""}, "anna", "")
    for number in range(5):
        versions.put_aside({"queues.yaml": str(number).encode()}, tmp_path, "anna", "")
    assert [change.live for change in versions.changes()] == [True, False, False]
    assert versions.good() == [versions.content_folder("aa")]


def test_the_copy_of_an_earlier_engine_is_good_until_a_version_is_live(versions: Versions, tmp_path: Path) -> None:
    (tmp_path / "last-good").mkdir()
    assert versions.good() == [tmp_path / "last-good"]
    versions.went_live("aa", {"queues.yaml": b""}, "anna", "")
    assert versions.good() == [versions.content_folder("aa")]
    assert not (tmp_path / "last-good").exists()


def test_what_is_live_already_is_noted_again_only_with_a_reason(versions: Versions) -> None:
    for why in ("", "", "said later"):
        versions.went_live("aa", {"queues.yaml": b""}, "anna", why)
    assert [change.why for change in versions.changes()] == ["", "said later"]
