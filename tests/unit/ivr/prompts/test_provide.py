"""Where voices come from, and what `ivr prompts` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr import debian
from ivr.cli import Refusal
from ivr.cli.prompts import prompts
from ivr.prompts import provide
from ivr.prompts.provide import Provide, region_names
from ivr.prompts.voices import voices
from ivr.settings import PROJECT


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with no synthesiser, and a hotline with one prompt."""
    monkeypatch.setattr(provide, "on_host", lambda voice, language: None)
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("IVR_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "recordings/prompts/ru").mkdir(parents=True)
    (tmp_path / "recordings/prompts/ru/welcome.txt").write_text("Здравствуйте!", "utf-8")
    return tmp_path


def unreachable(fetched: list[str], name: str, packages: Sequence[str]) -> debian.Root:
    fetched.append(name)
    raise debian.ProvisionError("no network")


def test_what_cannot_be_fetched_is_told_once_and_asked_for_once(bare: Path, monkeypatch: pytest.MonkeyPatch):
    fetched: list[str] = []
    told: list[str] = []
    monkeypatch.setattr(debian, "fetch", lambda name, packages, **_: unreachable(fetched, name, packages))
    find = Provide(None, told.append)
    assert [find(voices()[0], language) for language in ("ru", "tt")] == [None, None]
    assert (fetched, told) == (["voice-rhvoice"], ["rhvoice cannot be fetched: no network"])


def test_build_without_any_voice_is_one_line_that_says_what_to_do(bare: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(debian, "fetch", lambda name, packages, **_: unreachable([], name, packages))
    ended = CliRunner().invoke(prompts, ["build"])
    assert isinstance(ended.exception, Refusal)
    assert "install rhvoice or festival or espeak-ng" in str(ended.exception)


def test_status_for_people_and_for_programs(bare: Path):
    shown = CliRunner().invoke(prompts, ["status"])
    assert "ru: " in shown.output
    assert "ivr prompts build" in shown.output
    (language,) = json.loads(CliRunner().invoke(prompts, ["status", "--format", "json"]).output)
    assert (language["language"], language["prompts"], language["recorded"], language["voice"]) == ("ru", 1, 0, "")
    assert language["missing"] > 300


def test_a_bad_text_is_refused_by_name(bare: Path):
    (bare / "recordings/prompts/ru/welcome.txt").write_text("{")
    ended = CliRunner().invoke(prompts, ["status"])
    assert isinstance(ended.exception, Refusal)
    assert "welcome.txt" in str(ended.exception)


def test_the_regions_names_are_said_too():
    names = region_names(PROJECT)
    assert "Татарстан Республикасы" in names["tt"]
    assert "Republic of Tatarstan" in names["en"]


def test_regions_that_cannot_be_used_leave_prompts_to_build(tmp_path: Path):
    assert not region_names(tmp_path)
