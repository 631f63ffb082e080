"""Commands to Asterisk as bytes: only those that a call needs, and nothing that could become another command."""

from __future__ import annotations

import re
from functools import lru_cache

from ivr.asterisk.variables import LISTEN, LOOK

MAX_COMMAND = 2_048
"""Bytes. Asterisk runs the tail of a line beyond 8,191 bytes as a new command; nothing of ours is near this."""

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_ANY = re.compile(r".*", re.DOTALL)

FIRST_ARGUMENT: dict[str, re.Pattern[str]] = {
    "ANSWER": _ANY,
    "CHANNEL STATUS": _ANY,
    "EXEC": re.compile(r"Dial|Exec|MixMonitor|StopMixMonitor"),
    "GET FULL VARIABLE": re.compile(re.escape(LOOK)),
    "GET VARIABLE": _NAME,
    "HANGUP": _ANY,
    "NOOP": _ANY,
    "RECORD FILE": _ANY,
    "SET MUSIC": re.compile(r"ON|OFF"),
    "SET VARIABLE": re.compile(r"[A-Z][A-Z0-9_]*|CALLERID\(name\)|CHANNEL\(accountcode\)|TIMEOUT\((response|digit)\)"),
    "STREAM FILE": _ANY,
}
"""Every command that may be sent, and what its first argument may be.

EXEC could run a shell (System), a variable's name could be a function that does (``SHELL(…)``): so both are listed.
"""

EVALUATED = re.compile(
    r"ExecIf\(\$\{ISNULL\(\$\{[A-Z_]+\}\)\}\?Read\([^$\\()\"?:]*\):Set\(READSTATUS=AHEAD\)\)|"
    + "|".join(map(re.escape, LISTEN))
)
"""What EXEC Exec, which evaluates its argument, may be given: ivr.asterisk.asking's question, with nothing in it that
could be evaluated, and what keeps a caller's keys."""

_PLAIN = re.compile(r"[A-Za-z0-9_./:#*+-]+")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class BadCommand(ValueError):
    """A command that must not be sent; the message does not repeat the offending text."""


@lru_cache(maxsize=1024)  # most of what one caller hears another has heard
def encode(name: str, *arguments: str | int) -> bytes:
    """The command as one line. Raises BadCommand for what is not listed, holds control characters or is too long."""
    allowed = FIRST_ARGUMENT.get(name)
    if allowed is None:
        raise BadCommand("a command that the engine does not use")
    if arguments and not allowed.fullmatch(str(arguments[0])):
        raise BadCommand(f"{name}: a first argument that the engine does not use")
    if name == "EXEC" and arguments[0] == "Exec" and not EVALUATED.fullmatch(str(arguments[1])):
        raise BadCommand("an expression that the engine does not use")
    line = f"{' '.join((name, *map(_quoted, arguments)))}\n".encode()
    if len(line) > MAX_COMMAND:
        raise BadCommand(f"{name}: longer than {MAX_COMMAND} bytes")
    return line


def _quoted(argument: str | int) -> str:
    text = str(argument)
    if _PLAIN.fullmatch(text):
        return text
    if _FORBIDDEN.search(text):
        raise BadCommand("control characters in an argument")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
