"""The manager interface's bytes: panoramisk's protocol with its faults mended (docs/adr names each).

Events are written by Asterisk with callers' own text in them, unescaped: any event may be forged. Replies carry an
ActionID that nobody outside can guess.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

log = logging.getLogger(__name__)

MAX_MESSAGE = 65_536
"""Bytes in one event or reply; a real one has about a thousand."""

END = b"\r\n\r\n"


class AmiUnavailable(Exception):
    """Asterisk did not answer an action: not connected, lost meanwhile, or too slow. Nothing is sent again."""


class BadAction(ValueError):
    """An action that must not be sent; the message does not repeat the offending text."""


class MendedProtocol(AMIProtocol):  # type: ignore[misc]  # panoramisk is untyped
    """One connection. ``wanted`` says by an event's name and bytes whether it is worth parsing: most are not."""

    def __init__(self, wanted: Callable[[str, bytes], bool]) -> None:
        self._wanted = wanted
        self._rest = b""
        self.responses: dict[str, Action] = {}
        self.closed = False

    def send(self, data: Mapping[str, str | Sequence[str]], as_list: bool | None = None) -> asyncio.Future[Any]:
        """Send an action once; the future is its reply, or AmiUnavailable when the connection ends before it."""
        check(data)
        action = Action(data, as_list=as_list)
        if self.closed:
            action.future.set_exception(AmiUnavailable("the connection to Asterisk has ended"))
        else:
            self.responses[action.id] = action
            self.transport.write(str(action).encode())
        future: asyncio.Future[Any] = action.future
        return future

    def forget(self, action_id: str) -> None:
        """A reply that nobody waits for any more."""
        self.responses.pop(action_id, None)

    def data_received(self, data: bytes) -> None:
        """Part of asyncio.Protocol. Letters and messages may be split anywhere."""
        *messages, self._rest = (self._rest + data).split(END)
        if len(self._rest) > MAX_MESSAGE:
            log.warning("a message of more than %d bytes from Asterisk's manager: reconnecting", MAX_MESSAGE)
            self._rest = b""
            self.transport.abort()
        for message in messages:
            try:
                self._message(message.lstrip(b"\r\n"))
            except Exception:
                log.exception("a message from Asterisk's manager could not be used")

    def _message(self, raw: bytes) -> None:
        if raw.startswith(b"Event: ") and b"\r\nActionID: " not in raw:
            name = raw[len(b"Event: ") : raw.find(b"\r\n")].decode("utf-8", "replace")
            if not self._wanted(name, raw):
                return
        message = Message.from_line(raw.decode("utf-8", "replace"))
        if message is not None:
            self.handle_message(message)

    def handle_message(self, message: Message) -> None:
        """A reply goes to its action, anything else is an event. A caller can forge ``Shutdown``: it ends nothing."""
        action = self.responses.get(message.id)
        if action is None:
            if "event" in message:
                self.factory.dispatch(message)
        elif action.add_message(message):
            self.responses.pop(action.id, None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Part of asyncio.Protocol."""
        self.close()
        if self.factory is not None:
            self.factory.connection_lost(exc)

    def close(self) -> None:
        """End the connection: what was not answered fails, and is never sent again."""
        unanswered, self.responses = self.responses, {}
        for action in unanswered.values():
            if not action.future.done():
                action.future.set_exception(AmiUnavailable("the connection to Asterisk was lost"))
        if not self.closed:
            self.closed = True
            self.transport.abort()


def check(fields: Mapping[str, str | Sequence[str]]) -> None:
    """Raise BadAction if a field could become two: a line end in a name or a value."""
    for name, value in fields.items():
        values = [value] if isinstance(value, str) else value
        if not name.isalnum() or not all(text.isprintable() for text in values):
            raise BadAction(f"{name if name.isalnum() else 'a name'}: control characters in an action")
