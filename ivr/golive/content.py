"""The files that a configuration is made of, as bytes: what a version keeps and a rollback writes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ivr.flow.outside import OUTSIDE
from ivr.flow.roster import ROSTER
from ivr.flow.sections import SECTIONS
from ivr.flow.service import FLOWS, PROMPTS, QUEUES, REGIONS
from ivr.flow.skills import SKILLS

Content = Mapping[str, bytes]
"""Path within the configuration's folder -> the file's bytes. For recorded wavs see ivr.golive.recorded."""


def read_content(folder: Path) -> dict[str, bytes]:
    """Every text of the configuration in ``folder``. A file that goes while it is read is left out. Raises OSError."""
    found: dict[str, bytes] = {}
    for path in _paths(folder):
        try:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
        except FileNotFoundError:
            continue
    return found


def write_content(content: Content, folder: Path) -> None:
    """Make ``folder`` hold this content and no other text; what is the same already is not touched. Raises OSError."""
    stands = read_content(folder)
    for name, raw in content.items():
        if stands.get(name) != raw:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f".{path.name}.new")
            new.write_bytes(raw)
            new.replace(path)
    for name in stands.keys() - content.keys():
        (folder / name).unlink(missing_ok=True)


def _paths(folder: Path) -> Iterator[Path]:
    for name in (REGIONS, QUEUES, SECTIONS, SKILLS, ROSTER, OUTSIDE):
        if (folder / name).exists():
            yield folder / name
    for below, pattern in ((FLOWS, "*.yaml"), (f"{FLOWS}/tests", "*.yaml"), (PROMPTS, "*/*.txt")):
        yield from sorted((folder / below).glob(pattern))
