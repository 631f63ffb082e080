"""From the bytes of a file to its text: UTF-8, and no character that a person cannot see or a program would misread."""

from __future__ import annotations

import re
from itertools import islice

from ivr.flow.problem import Problem, Problems
from ivr.messages import Message

MAX_BYTES = 256 * 1024
"""A larger file is no flow."""

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters; U+0085 would end a line
    "\u00ad\u061c\u200b-\u200f\u2060-\u206f\ufeff"  # invisible, or turning the direction of writing
    "\u2028-\u202e"  # separators that would end a line; turning the direction of writing
    "\ufff9-\uffff\U000e0000-\U000e007f]|\r(?!\n)"  # no characters, tags; a carriage return that ends no line
)
"""What may stand in no file: control characters, and what shows a text otherwise than it is read (CVE-2021-42574)."""

_TABBED = re.compile(r"^(?!\s*#)([^\t\n]*)\t", re.MULTILINE)
"""A tab in a line that is not all comment: readers of YAML disagree about it."""

_MOST_TOLD = 20
"""Characters that are told of one by one."""


def decode(raw: bytes, file: str) -> str:
    """The text of a file, its lines ending in LF or CRLF, without a byte-order mark. Raises Problems."""
    if len(raw) > MAX_BYTES:
        reason = Message("file-too-large", size=-(-len(raw) // 1024), most=MAX_BYTES // 1024)
        raise Problems([Problem(file, 1, 1, "", reason, Message("split-file"))])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problems([_not_utf8(raw, file, error)]) from None
    problems = [
        *(_at(file, text, found, *_about(found[0])) for found in islice(UNSEEN.finditer(text), _MOST_TOLD)),
        *(_at(file, text, found, *_TAB) for found in islice(_TABBED.finditer(text), _MOST_TOLD)),
    ]
    if problems:
        raise Problems(problems)
    return text


_TAB = (Message("tab"), Message("use-spaces"))


def _about(character: str) -> tuple[Message, Message]:
    if character == "\r":
        return Message("carriage-return"), Message("save-line-ends")
    return Message("unseen-character", code=ord(character)), Message("type-line-anew")


def _not_utf8(raw: bytes, file: str, error: UnicodeDecodeError) -> Problem:
    line = raw.count(b"\n", 0, error.start) + 1
    before = raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start]
    column = len(before.decode("utf-8-sig", "replace")) + 1
    text = repr(raw[error.start : error.end])
    return Problem(file, line, column, text, Message("not-utf-8"), Message("save-as-utf-8"))


def _at(file: str, text: str, found: re.Match[str], reason: Message, mend: Message) -> Problem:
    line = text.count("\n", 0, found.start()) + 1
    column = found.end() - 1 - text.rfind("\n", 0, found.start())
    return Problem(file, line, column, "", reason, mend)
