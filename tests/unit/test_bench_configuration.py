"""The benchmarks' own hotline goes live: what is measured is a configuration that the engine takes."""

from __future__ import annotations

import shutil
from pathlib import Path

from ivr.flow.checks import examine
from ivr.settings import PROJECT


def test_the_engine_takes_the_configuration_that_the_benchmarks_run(tmp_path: Path) -> None:
    folder = shutil.copytree(PROJECT / "bench/config", tmp_path / "config")
    (folder / "recordings/prompts").mkdir(parents=True)
    (folder / "recordings/prompts/en").symlink_to(PROJECT / "recordings/prompts/en")
    service, problems = examine(folder)
    assert service is not None, "\n".join(map(str, problems))
