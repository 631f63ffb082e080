"""What an engine and the process that writes for it tell each other, over pipes: frames of a length and msgpack."""

from __future__ import annotations

import msgspec

from ivr.calllog.segments import Lines
from ivr.messages import Message, Value, words_of
from ivr.tickets.faults import DatabaseAway, DatabaseError

LENGTH = 4
"""Bytes of a frame's length, big end first."""


class Begin(msgspec.Struct, frozen=True, tag=True):
    """The first word: which database, and where to put aside what it does not take."""

    database_url: str
    folder: str


class Write(msgspec.Struct, frozen=True, tag=True):
    """Have these lines in the database. ``number``: told again with what came of it."""

    number: int
    lines: Lines


class Words(msgspec.Struct, frozen=True):
    """A Message as it goes over the pipe, to be told in each language at the other end."""

    key: str
    values: dict[str, Words | str | int | float]


class Outcome(msgspec.Struct, frozen=True):
    """What came of a Write. ``why``: nothing of it is done, because of this. ``away``: that may pass by itself."""

    number: int
    why: Words | str | int | float = ""
    away: bool = False


def failed(number: int, error: DatabaseError | OSError) -> Outcome:
    """What came of a Write that raised this."""
    return Outcome(number, _words(words_of(error) or type(error).__name__), isinstance(error, DatabaseAway))


def told(words: Words | str | int | float) -> str | int | float:
    """What came over the pipe, as it was said."""
    if not isinstance(words, Words):
        return words
    return Message(words.key, **{name: told(value) for name, value in words.values.items()})


def _words(said: Value) -> Words | str | int | float:
    if isinstance(said, Message):
        return Words(said.key, {name: _words(value) for name, value in said.values.items()})
    return ", ".join(said) if isinstance(said, tuple) else said


_encode = msgspec.msgpack.Encoder().encode
word = msgspec.msgpack.Decoder(Begin | Write).decode
"""The word of an engine's frame."""
outcome = msgspec.msgpack.Decoder(Outcome).decode
"""The Outcome of a writer's frame."""


def frame(message: Begin | Write | Outcome) -> bytes:
    """The message as it goes over a pipe."""
    body = _encode(message)
    return len(body).to_bytes(LENGTH, "big") + body


class Frames:
    """The bodies of frames, out of bytes that come in any pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """What is whole with that."""
        self._rest += data
        whole = []
        while len(self._rest) >= LENGTH:
            end = LENGTH + int.from_bytes(self._rest[:LENGTH], "big")
            if len(self._rest) < end:
                break
            whole.append(self._rest[LENGTH:end])
            self._rest = self._rest[end:]
        return whole
