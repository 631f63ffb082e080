"""Which prompts there are, and which slots each has: what the checks need to know of recordings/prompts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ivr.speech import Language

_SLOT = re.compile(r"\{([a-z]+)(?::[a-z]+)?\}")

PromptTexts = Mapping[tuple[Language, str], frozenset[str]]
"""Language and name -> names of the slots."""


def read_prompt_texts(folder: Path) -> PromptTexts:
    """Every text (.txt), and recording without a text (.wav), in the folders of languages in ``folder``."""
    known: dict[tuple[Language, str], frozenset[str]] = {}
    for path in sorted(folder.glob("*/*")):
        key = (path.parent.name, path.stem)
        if path.suffix == ".txt":
            known[key] = frozenset(_SLOT.findall(path.read_text("utf-8", errors="replace")))
        elif path.suffix == ".wav":
            known.setdefault(key, frozenset())
    return known
