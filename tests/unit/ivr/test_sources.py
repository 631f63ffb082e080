"""The host's own archive is found, whatever else its apt knows."""

import pytest

from ivr.sources import choose

DEBIAN = [
    "http://vendor.example/debian bookworm Vendor",
    "http://mirror.example/debian-security/ bookworm-security Debian",
    "http://mirror.example/debian/ bookworm Debian",
]


def test_the_distributions_own_archive_not_a_vendors_or_the_security_one() -> None:
    found = choose(DEBIAN, "bookworm")
    assert found is not None
    assert (found.url, found.suite) == ("http://mirror.example/debian/", "sid")


def test_ubuntu_has_asterisk_in_its_own_release() -> None:
    found = choose(["http://mirror.example/ubuntu/ noble Ubuntu"], "noble")
    assert found is not None
    assert (found.suite, "universe" in found.components) == ("noble", True)
    assert "ubuntu-archive-keyring" in found.line()


@pytest.mark.parametrize("path", ["http://mirror.example/debian", "http://mirror.example/debian/"])
def test_before_the_first_update_the_path_tells(path: str) -> None:
    found = choose([f"{path} bookworm"], "bookworm")
    assert found is not None
    assert found.url == path


def test_nothing_known_is_nothing_guessed() -> None:
    assert choose(["http://vendor.example/packages stable Vendor", ""], "bookworm") is None
