"""The AGI protocol without sockets: bytes in, events out.

Asterisk sends a header (``agi_channel: …`` lines, then a blank one), then one reply for each command, and at any
moment the line ``HANGUP``. Values in the header come from the caller unescaped, so a header may be forged: what a
real Asterisk cannot have sent ends the conversation with ``Refused``, which never quotes what was received.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from ivr.asterisk.agi_events import Closed, Event, HangUp, Header, Refused, Reply

MAX_HEADER = 16_384
"""Bytes of header; a real one has about 700."""
MAX_VARIABLES = 160
"""Lines of header: 21 of Asterisk's own and at most 128 arguments."""
MAX_LINE = 8_192
"""Bytes in one line: Asterisk's own buffer."""
MAX_USAGE = 16_384
"""Bytes in a reply of several lines."""


class State(IntEnum):
    """Where the conversation is."""

    HEADER = 0
    IDLE = 1  # Asterisk waits for a command; the channel is serviced meanwhile
    BUSY = 2  # a command is outstanding
    USAGE = 3  # inside a 520 reply of several lines
    CLOSED = 4


class Saw(IntEnum):
    """What came or went."""

    VARIABLE = 0
    BLANK = 1
    COMMAND = 2
    PROVISIONAL = 3
    REPLY = 4
    USAGE = 5


TRANSITIONS: dict[State, dict[Saw, State]] = {
    State.HEADER: {Saw.VARIABLE: State.HEADER, Saw.BLANK: State.IDLE},
    State.IDLE: {Saw.COMMAND: State.BUSY},
    State.BUSY: {Saw.PROVISIONAL: State.BUSY, Saw.REPLY: State.IDLE, Saw.USAGE: State.USAGE},
    State.USAGE: {Saw.USAGE: State.USAGE, Saw.REPLY: State.IDLE},
    State.CLOSED: {},
}
"""What may follow what; anything else is refused. ``HANGUP`` may come in every state and changes none."""

REQUIRED = ("agi_request", "agi_channel", "agi_uniqueid", "agi_threadid")
"""Without these it is not an Asterisk; agi_threadid comes after all that a caller can write into."""


_HEADER, _IDLE, _BUSY, _USAGE, _CLOSED = State  # Python 3.11 takes as long to find a class's member as to read a line

_NAME = re.compile(rb"agi_[a-z0-9_]{1,60}")
_DONE = re.compile(rb"200 result=([^ ()]*)(?: \((.*)\))?(?: endpos=(-?\d{1,18}))?")
_USUAL = {b"200 result=%d" % result: Reply(200, str(result)) for result in (-1, 0, 1)}
_OTHER = re.compile(rb"(1\d\d|5\d\d)([ -]).*")
_USAGE_END = b"520 End of proper usage."
_HANGUP = b"HANGUP"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@lru_cache(maxsize=2 * MAX_VARIABLES)  # every call's header has the same
def _name(raw: bytes) -> str:
    """A header variable's name; "" for what is none."""
    return raw.decode("ascii") if _NAME.fullmatch(raw) else ""


class Codec:
    """One conversation. ``feed`` what arrives, ``eof`` when it ends, ``sent`` before each command."""

    __slots__ = ("_partial", "_taken", "_variables", "state")

    def __init__(self) -> None:
        self.state = _HEADER
        self._partial = b""
        self._taken = 0  # bytes of the header, or of a reply of several lines
        self._variables: dict[str, str] = {}

    def sent(self) -> None:
        """A command goes out. Raises RuntimeError when one is outstanding: AGI knows one at a time."""
        if self.state is not _IDLE:
            raise RuntimeError(f"no command can be sent in state {self.state.name}")
        self.state = _BUSY

    def feed(self, data: bytes) -> list[Event]:
        """Events that ``data`` completes; how the stream is split into packets makes no difference."""
        events: list[Event] = []
        if self.state is _CLOSED:
            return events
        lines = (self._partial + data if self._partial else data).split(b"\n")
        self._partial = lines.pop()
        for line in lines:
            self._line(line, events)
            if self.state is _CLOSED:
                return events
        if self._partial:
            self._check_partial(events)
        return events

    def eof(self) -> list[Event]:
        """The peer will send no more."""
        if self.state is _CLOSED:
            return []
        self.state = _CLOSED
        return [Closed()]

    def _refuse(self, reason: str, events: list[Event]) -> None:
        self.state = _CLOSED
        self._partial = b""
        self._variables = {}
        events.append(Refused(reason))

    def _check_partial(self, events: list[Event]) -> None:
        partial = self._partial
        if len(partial) > MAX_LINE:
            self._refuse("a line is too long", events)
        elif self.state is _HEADER and self._taken + len(partial) > MAX_HEADER:
            self._refuse("the header is too long", events)
        elif self.state is _IDLE and not b"HANGUP\r".startswith(partial):
            self._refuse("a reply without a command", events)

    def _line(self, line: bytes, events: list[Event]) -> None:
        if len(line) > MAX_LINE:
            self._refuse("a line is too long", events)
            return
        line = line.removesuffix(b"\r")
        if line == _HANGUP:
            events.append(HangUp())
        elif self.state is _HEADER:
            self._header_line(line, events)
        elif self.state is _BUSY:
            self._reply_line(line, events)
        elif self.state is _USAGE:
            self._usage_line(line, events)
        else:
            self._refuse("a reply without a command", events)

    def _header_line(self, line: bytes, events: list[Event]) -> None:
        self._taken += len(line) + 1
        if self._taken > MAX_HEADER:
            self._refuse("the header is too long", events)
        elif not line:
            self._header_end(events)
        else:
            raw, colon, value = line.partition(b":")
            name = _name(raw) if colon else ""
            if name in self._variables:
                self._refuse("a header variable comes twice: forged", events)
            elif name and len(self._variables) >= MAX_VARIABLES:
                self._refuse("too many header variables", events)
            elif name:
                self._variables[name] = clean(value.removeprefix(b" "))
        # Anything else is the tail of a caller's name with a line end in it: it means nothing and harms nothing.

    def _header_end(self, events: list[Event]) -> None:
        if not all(name in self._variables for name in REQUIRED):
            self._refuse("the header is not an Asterisk's, or is forged", events)
            return
        self.state = TRANSITIONS[_HEADER][Saw.BLANK]
        events.append(Header(self._variables))
        self._variables = {}

    def _reply_line(self, line: bytes, events: list[Event]) -> None:
        if usual := _USUAL.get(line):
            self.state = _IDLE
            events.append(usual)
        elif match := _DONE.fullmatch(line):
            result, data, endpos = match.groups()
            self.state = _IDLE
            text = None if data is None else clean(data)
            events.append(Reply(200, result.decode("ascii", "replace"), text, int(endpos or 0)))
        elif (match := _OTHER.fullmatch(line)) is None:
            self._refuse("a line that is no reply", events)
        elif match[2] == b"-":
            self._taken = 0
            self.state = TRANSITIONS[_BUSY][Saw.USAGE]
        elif match[1][:1] == b"5":
            self.state = TRANSITIONS[_BUSY][Saw.REPLY]
            events.append(Reply(int(match[1])))
        # A 1xx line says that the reply is still to come.

    def _usage_line(self, line: bytes, events: list[Event]) -> None:
        self._taken += len(line) + 1
        if line == _USAGE_END:
            self.state = TRANSITIONS[_USAGE][Saw.REPLY]
            events.append(Reply(520))
        elif self._taken > MAX_USAGE:
            self._refuse("a reply is too long", events)


def clean(raw: bytes) -> str:
    """What a caller may have written, fit to be stored: decoded with replacement, without control characters."""
    text = raw.decode("utf-8", "replace")
    return text if text.isprintable() else _CONTROL.sub("", text)
