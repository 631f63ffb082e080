"""A service of one flow, written in a test: its nodes as an admin writes them, on the shipped lines and queues."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from ivr.flow.checks import examine
from ivr.flow.service import Service
from ivr.settings import PROJECT

LINES = """
lines:
  moscow:
    numbers: [+7 800 555-35-35]
    region: moscow
    names: {ru: Москва, en: Moscow, tt: Мәскәү}
    time-zone: Europe/Moscow
    languages: [ru, en, tt]
    hours: {mon-fri: 09:00-21:00}
    flow: main
unknown:
    region: unknown
    names: {ru: Россия, en: Russia, tt: Россия}
    time-zone: Europe/Moscow
    languages: [ru, en, tt]
    hours: 24/7
    flow: main
"""

HEAD = "dialplan: 1\nflow: {flow}\nstart: {start}\nrescue: operator\nnodes:\n"
OPERATOR = "  operator: {queue: general, then: bye, otherwise: bye}\n  bye: {goodbye: goodbye}\n"


def written(folder: Path, nodes: str, *, others: Mapping[str, str] | None = None, files: str = "") -> Path:
    """The folder with a flow ``main`` of these nodes, beside ``operator`` and ``bye``; ``others``: further flows.

    A flow starts at its first node. ``files``: what outside.yaml says.
    """
    (folder / "dialplans").mkdir(parents=True)
    (folder / "regions.yaml").write_text(LINES, "utf-8")
    for name in ("queues.yaml", "sections.yaml"):
        shutil.copy(PROJECT / name, folder)
    if files:
        (folder / "outside.yaml").write_text(dedent(files), "utf-8")
    (folder / "recordings").mkdir()
    (folder / "recordings/prompts").symlink_to(PROJECT / "recordings/prompts")
    for flow, written_nodes in {"main": nodes, **(others or {})}.items():
        body = dedent(written_nodes).strip("\n")
        start = body.partition(":")[0].strip()
        text = HEAD.format(flow=flow, start=start) + "".join(f"  {line}\n" for line in body.splitlines()) + OPERATOR
        (folder / f"dialplans/{flow}.yaml").write_text(text, "utf-8")
    return folder


def service(folder: Path, nodes: str, **given: object) -> Service:
    """The service, examined as ``ivr check`` does: what is refused fails the test, with its reasons."""
    found, problems = examine(written(folder / "config", nodes, **given))  # type: ignore[arg-type]
    assert found is not None, "\n".join(map(str, problems))
    return found
