"""What Asterisk itself wrote down of calls that ended without the engine's last word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

LONGEST_MOMENT = 12
"""Digits of a time that anybody will live to see."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A call's end, as the dialplan tells it. Times: seconds since 1970; lengths: seconds.

    ``static``: Asterisk went on alone. ``operator``: who was dialled last, ``dial_status`` what came of it.
    ``talk_seconds``: since an operator last picked up; with ``static`` only of what Asterisk brought about alone.
    """

    call_id: str
    started: float
    ended: float
    caller: str
    dialled: str
    static: bool
    dial_status: str
    operator: str
    talk_seconds: float | None


@contextmanager
def drained(path: Path) -> Iterator[list[Departure]]:
    """All departures; they leave the file when the block ends well, and are told again when it does not.

    Asterisk opens the file anew for each line, so that renaming it loses none; one that was being written at that
    moment makes the file longer meanwhile, and all are told again.
    """
    taken = path.with_suffix(".taken")
    if not taken.exists():  # else an engine died with these in its hands
        with suppress(FileNotFoundError):
            path.rename(taken)
    text = _text(taken)
    yield list(_parsed(text))
    if _text(taken) == text:
        taken.unlink(missing_ok=True)


def parse(line: str) -> Departure | None:
    """One line; None for what is none (a last line cut short)."""
    fields = line.rstrip("\r\n").split("|")
    if len(fields) != 9 or not fields[0]:
        return None
    call_id, started, ended, caller, dialled, static, status, peer, talking = fields
    try:
        return Departure(
            call_id=call_id,
            started=float(started),
            ended=float(ended),
            caller=caller,
            dialled=dialled,
            static=static == "1",
            dial_status=status,
            operator=peer.removeprefix("PJSIP/").rpartition("-")[0],
            talk_seconds=float(ended) - float(talking) if talking else None,
        )
    except ValueError:
        return None


def moment(text: str) -> float | None:
    """Seconds since 1970 as Asterisk writes them, whole; None for what is none."""
    return float(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_MOMENT else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _parsed(text: str) -> Iterator[Departure]:
    for line in text.splitlines():
        departure = parse(line)
        if departure is not None:
            yield departure
