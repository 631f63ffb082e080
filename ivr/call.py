"""A live call as the nodes of a flow see it: what is known of it, and the few things they may ask of the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ivr.around import Around, NoSystems, Nothing, Systems
from ivr.calllog.events import AnyEvent, Identified
from ivr.calllog.state import CallState
from ivr.channel import Channel
from ivr.speech import Language, Prompts, Speech, Value

if TYPE_CHECKING:
    from ivr.flow.queues import Queues
    from ivr.flow.service import Line, Service


class Journal(Protocol):
    """Where a call's events go. Never waits, never fails: the spool keeps what it cannot write yet."""

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        """Take event number ``seq`` of the call."""
        ...


@dataclass(frozen=True, slots=True)
class RequestStatus:
    """What a caller may be told of a request. ``status`` is a key of the status table, say ``in-progress``.

    ``operator``: who spoke with its caller, for routing alone; "" for nobody.
    """

    number: int
    status: str
    changed: date
    expected: date | None
    operator: str = ""


class LookupFailed(Exception):
    """The request could not be looked up in time; says nothing about whether it exists."""


class Requests(Protocol):
    """Requests that citizens ask about."""

    async def status(self, number: int) -> RequestStatus | None:
        """Status of request ``number``, None when there is none. Raises LookupFailed within two seconds."""
        ...


class Vault(Protocol):
    """Seals personal identifiers."""

    def seal(self, kind: str, value: str) -> Identified:
        """The event that says so, with ``value`` masked, encrypted and hashed; ``at`` is now."""
        ...


class Languages(Protocol):
    """Remembers which language a caller's number speaks. Never waits; a failure is no language."""

    def remember(self, caller: str, language: Language) -> None:
        """Keep ``language`` for this number (E.164)."""
        ...


@dataclass(slots=True)
class Call:
    """One call in progress. ``now`` gives seconds since 1970; ``messages`` is where voice messages are kept.

    ``ahead``: keys that stopped a prompt which asked nothing; they answer the next question. ``service``: the version
    that it runs on, once it runs.
    """

    state: CallState
    channel: Channel
    prompts: Prompts
    journal: Journal
    requests: Requests
    vault: Vault
    languages: Languages
    now: Callable[[], float]
    offered_languages: tuple[Language, ...]
    messages: Path
    ahead: list[str] = field(default_factory=list, repr=False)
    around: Around = field(default_factory=Nothing, repr=False)
    systems: Systems = field(default_factory=NoSystems, repr=False)
    service: Service = field(init=False, repr=False)

    @property
    def line(self) -> Line:
        """The line that the call is on."""
        return self.service.line(self.state.line)

    @property
    def queues(self) -> Queues:
        """The queues of the version that it runs on, as emergency measures have them now."""
        return self.around.queues(self.service.queues)

    def log(self, event: AnyEvent) -> None:
        """Record what happened: to the journal, and to what is known of the call."""
        state = self.state
        state.apply(event)
        self.journal.append(state.call_id, state.seq, event)

    def speech(self, prompt: str, /, **values: Value) -> Speech:
        """The prompt in the caller's language."""
        return self.prompts.say(prompt, self.state.language, **values)
