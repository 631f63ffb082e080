"""What is wrong in a file that a person wrote, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from ivr.messages import LANGUAGES, Message, told


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. ``line`` and ``column`` count from 1; ``text`` is the offending text itself.

    ``severity``: ``error`` keeps the configuration from going live, ``warning`` does not. ``call``: a call that shows
    it, the shortest there is, as what its caller does and hears; "" where the text itself shows it. ``reason``,
    ``mend`` and ``call`` are Messages: they can be told in each language.
    """

    file: str
    line: int
    column: int
    text: str
    reason: Message
    mend: Message
    severity: str = "error"
    call: str = ""

    @property
    def rule(self) -> str:
        """What kind of problem it is, the same in every language and release: its reason's key."""
        return self.reason.key

    @property
    def place(self) -> str:
        """``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def message(self) -> Message:
        """As ``reason: text; mend``, and the call on a line of its own."""
        key = "problem-at-text" if self.text else "problem-words"
        values = {"reason": self.reason, "mend": self.mend}
        words = Message(key, text=self.text, **values) if self.text else Message(key, **values)
        return Message("problem-shown", problem=words, call=self.call) if self.call else words

    def __str__(self) -> str:
        return self.told(LANGUAGES[0])

    def told(self, language: str) -> str:
        """As ``file:line:column: severity: reason: text; mend``, and the call on a line of its own."""
        return f"{self.place}: {SEVERITIES[self.severity].told(language)}: {self.message.told(language)}"

    def as_dict(self, language: str = LANGUAGES[0]) -> dict[str, str | int]:
        """Every field by its name, and ``rule``, for JSON."""
        words = {name: told(getattr(self, name), language) for name in ("text", "reason", "mend", "call")}
        return {**asdict(self), **words, "rule": self.rule}


SEVERITIES = {"error": Message("severity-error"), "warning": Message("severity-warning")}
"""What each is called."""


class Problems(Exception):
    """A configuration that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def told(self, language: str) -> str:
        """Each problem on a line."""
        return "\n".join(problem.told(language) for problem in self.problems)


def did_you_mean(word: str, known: Iterable[str]) -> Message:
    """The mend for an unknown word: the nearest known one, else all of them."""
    names = sorted(set(known))
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return Message("did-you-mean", near=near[0])
    return Message("use-one-of", names=tuple(names)) if names else Message("take-it-out")
