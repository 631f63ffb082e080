"""What was typed wrong on the command line, in the language of whoever typed: the library has English words only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from typer.exceptions import TyperException

from ivr.messages import Message

_KINDS = {
    "typed-no-option": r"No such option: (?P<name>\S+)(?: \(Possible options: (?P<near>.+)\))?",
    "typed-no-command": r"No such command '(?P<name>.+?)'\.(?: Did you mean (?P<near>.+)\?)?",
    "typed-nothing-for": r"Missing (?:argument|option|parameter) (?P<name>.+?)\..*",
    "typed-no-command-at-all": r"Missing command\.",
    "typed-too-much": r"Got unexpected extra argument\(s\) \((?P<words>.+)\)",
    "typed-no-value": r"Option '?(?P<name>.+?)'? requires an argument\.",
    "typed-needless-value": r"Option '?(?P<name>.+?)'? does not take a value\.",
    "typed-unfit": r"Invalid value for (?P<name>.+?): (?P<why>.+)",
}
"""How the library words each kind -> the key of ours."""

_REASONS = {
    "typed-at-most": r"Input should be less than or equal to (?P<bound>\S+)",
    "typed-at-least": r"Input should be greater than or equal to (?P<bound>\S+)",
    "typed-no-number": r"Input should be a valid (?:integer|number), .+",
    "typed-no-choice": r"Value error, '(?P<word>.*)' is not one of (?P<choices>.+)\.",
    "typed-no-path": r"(?:File|Directory|Path) '(?P<path>.+)' does not exist\.",
    "typed-folder": r"(?:File|Path) '(?P<path>.+)' is a directory\.",
}
"""The same for what does not fit a parameter."""


def mistyped(error: TyperException) -> str:
    """What is wrong with the command, as a Message; the library's own words for what has none here."""
    words = error.format_message()
    context = getattr(error, "ctx", None)
    found = next(_worded(_KINDS, words), None)
    if found is None:
        return words
    return Message("typed-wrong", why=found, command=context.command_path) if context else Message("refused", why=found)


def _worded(kinds: dict[str, str], words: str) -> Iterator[Message]:
    for key, pattern in kinds.items():
        if found := re.fullmatch(pattern, words, re.DOTALL):
            values = {name: value or "" for name, value in found.groupdict().items()}
            if "why" in values:
                values["why"] = next(_worded(_REASONS, values["why"]), values["why"])
            if "near" in values:
                values["near"] = Message("typed-near", near=values["near"]) if values["near"] else ""
            yield Message(key, **values)
