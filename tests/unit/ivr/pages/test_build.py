"""The pages are built once for each content, and small; a machine without Node is told what to do."""

import gzip

import pytest

from ivr.pages import build
from ivr.pages.build import PagesFailed

FIRST_LOAD = 200_000


def test_pages_are_built_once_and_small():
    folder = build.build(print)
    assert build.built() == folder
    loaded = [*folder.glob("assets/*"), folder / "desk.html"]
    assert sum(len(gzip.compress(path.read_bytes())) for path in loaded) < FIRST_LOAD


def test_without_node_it_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(build.shutil, "which", lambda *_: None)
    monkeypatch.setattr(build.sys, "path", [])
    with pytest.raises(PagesFailed, match="no Node 20"):
        build.node()


def test_pages_of_other_sources_are_others(tmp_path):
    (tmp_path / "desk.html").write_text("one")
    first = build._folder(tmp_path)
    (tmp_path / "desk.html").write_text("two")
    assert build._folder(tmp_path) != first
