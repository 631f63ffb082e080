"""The version of the dialplan language that a file is written in."""

from __future__ import annotations

from ivr.flow.loader import Source
from ivr.flow.problem import Problem
from ivr.messages import Message

VERSION = 1
"""What this engine reads. A later engine reads it too, and it means the same there (docs/admin.md)."""


def too_new(source: Source) -> Problem | None:
    """That the file is written for a later engine: nothing else about it can be judged then."""
    written = source.data.get("dialplan")
    if not isinstance(written, str) or not (written.isascii() and written.isdigit()) or int(written[:9]) <= VERSION:
        return None
    reason = Message("language-version-later", written=written[:9], version=VERSION)
    return source.problem(("dialplan",), reason, Message("language-version-mend", version=VERSION))
