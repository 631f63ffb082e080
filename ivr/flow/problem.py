"""What is wrong in a file that a person wrote, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. ``line`` and ``column`` count from 1; ``text`` is the offending text itself.

    ``severity``: ``error`` keeps the configuration from going live, ``warning`` does not. ``call``: a call that shows
    it, the shortest there is, as what its caller does and hears; "" where the text itself shows it.
    """

    file: str
    line: int
    column: int
    text: str
    reason: str
    mend: str
    severity: str = "error"
    call: str = ""

    def __str__(self) -> str:
        """As ``file:line:column: reason: text; mend``, and the call on a line of its own."""
        where = f"{self.file}:{self.line}:{self.column}"
        text = f": {self.text}" if self.text else ""
        call = f"\n    a call that shows it: {self.call}" if self.call else ""
        return f"{where}: {self.severity}: {self.reason}{text}; {self.mend}{call}"

    def as_dict(self) -> dict[str, str | int]:
        """Every field by its name, for JSON."""
        return asdict(self)


class Problems(Exception):
    """A configuration that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The mend for an unknown word: the nearest known one, else all of them."""
    names = sorted(set(known))
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"use one of: {', '.join(names)}" if names else "take it out"
