"""The process that writes tickets for one engine: it ends when the engine's pipe does."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

import structlog
import uvloop

from ivr.calllog.frames import LENGTH, Begin, Outcome, Write, failed, frame, word
from ivr.calllog.writer import DatabaseWriter, Writer
from ivr.logs import configure
from ivr.tickets.database import Database
from ivr.tickets.faults import DatabaseError

_log = structlog.get_logger(__name__)


def main() -> None:
    """Serve the engine at the other end of stdin and stdout."""
    configure()
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever prints must not spoil the answers
    with answers:
        uvloop.run(_serve(sys.stdin.buffer, answers))


async def _serve(words: BinaryIO, answers: BinaryIO) -> None:
    begin = _next(words)
    if not isinstance(begin, Begin):
        return
    database = Database(begin.database_url)
    try:
        writer = DatabaseWriter(database, Path(begin.folder))
        while isinstance(write := _next(words), Write):  # nothing else goes on here: reading may hold up the loop
            answers.write(frame(await _written(writer, write)))
    except BrokenPipeError:
        _log.info("call log: the engine has ended; what was read is written")
    finally:
        await database.close()


def _next(words: BinaryIO) -> Begin | Write | None:
    """The engine's next word; None when it says nothing more, though it should stop in the middle of one."""
    length = words.read(LENGTH)
    size = int.from_bytes(length, "big")
    body = words.read(size)
    return word(body) if len(length) == LENGTH and len(body) == size else None


async def _written(writer: Writer, write: Write) -> Outcome:
    try:
        await writer.write(write.lines)
    except (DatabaseError, OSError) as error:
        return failed(write.number, error)
    return Outcome(write.number)


if __name__ == "__main__":
    main()
