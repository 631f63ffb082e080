"""Meets each caller: finds their line, begins or takes up their call, and walks its flow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import structlog

from ivr.around import Around, NoSystems, Nothing, Systems
from ivr.call import Call, Journal, Languages, Requests, Vault
from ivr.calllog.events import LanguageChosen, LetGo, Started
from ivr.calllog.state import CallState
from ivr.channel import Channel
from ivr.flow.service import Line, Service
from ivr.numbers import normalise
from ivr.recovery import Unfinished
from ivr.speech import Language, Prompts

_log = structlog.get_logger(__name__)

MOST_AT_WORK = 4
"""How often a call that engines are lost by is taken up again: it is let go before its dialplan gives the engine up."""

MOST_RESUMED = 10
"""How often any call is: one that hears music in a queue is hardly to blame, but may be."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call as the telephone side hands it over. ``dialled`` and ``caller``: digits and ``+`` only.

    ``joined``: when an operator last picked it up (s since 1970), None when none did.
    """

    call_id: str
    dialled: str
    caller: str
    joined: float | None = None


class LanguageMemory(Languages, Protocol):
    """Which language a number spoke the last time."""

    async def recall(self, caller: str) -> Language | None:
        """The language, None when unknown or not told within 200 ms."""
        ...


Walk = Callable[[Service, Call], Awaitable[None]]
"""Runs a call from where its state says it is to its Ended event (ivr.session).

Raises CallerGone(lost=True), with no Ended, when the connection was lost: the caller may still be on the line.
"""


@dataclass(slots=True)
class Reception:
    """The hotline's front door. ``service`` gives what is live now; a call keeps what it began with.

    ``taken_up`` is told of each call that an earlier run had begun.
    """

    service: Callable[[], tuple[Service, Prompts]]
    take_number: Callable[[], int]
    journal: Journal
    requests: Requests
    vault: Vault
    languages: LanguageMemory
    unfinished: Unfinished
    now: Callable[[], float]
    messages: Path
    walk: Walk
    taken_up: Callable[[CallState], None]
    around: Around = field(default_factory=Nothing)
    systems: Systems = field(default_factory=NoSystems)
    in_progress: dict[str, Call] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def calls(self) -> list[CallState]:
        """Every call in progress."""
        return [call.state for call in self.in_progress.values()]

    async def receive(self, arrival: Arrival, channel: Channel) -> bool:
        """Serve one caller until the call is over. False: the call is to be left to Asterisk, having cost engines.

        A call that is not over then (the connection was lost) is held in ``unfinished``, whatever the reason.
        """
        await self._relieve(arrival.call_id)
        service, prompts = self.service()
        state = self._taken_up(arrival, service.version) or CallState(arrival.call_id)
        if state.resumed_at_work > MOST_AT_WORK or state.resumed > MOST_RESUMED:
            self._let_go(state)
            return False
        call = self._call(state, channel, prompts, service.line(state.line))
        task = asyncio.current_task()
        assert task is not None
        self.in_progress[arrival.call_id], self._tasks[arrival.call_id] = call, task
        try:
            if not call.state.started:
                await self._begin(call, arrival, service)
            await self.walk(service, call)
        finally:
            del self.in_progress[arrival.call_id], self._tasks[arrival.call_id]
            if call.state.started and call.state.ended is None:
                self.unfinished.adopt([call.state])
                self.unfinished.alive(arrival.call_id)
        return True

    def _let_go(self, state: CallState) -> None:
        """For this call alone, as if there were no engine; its end is told by Asterisk."""
        _log.error("let go", call=state.call_id, flow=state.flow, node=state.node, resumed=state.resumed)
        event = LetGo(at=self.now(), why=f"the engine was lost {state.resumed} times during the call")
        state.apply(event)
        self.journal.append(state.call_id, state.seq, event)
        self.unfinished.adopt([state])
        self.unfinished.alive(state.call_id)

    async def _relieve(self, call_id: str) -> None:
        """A second hand-over of a call means that its first connection is dead, though it may not know yet."""
        while (task := self._tasks.get(call_id)) is not None:
            task.cancel()
            await asyncio.wait([task])

    def _taken_up(self, arrival: Arrival, version: str) -> CallState | None:
        state = self.unfinished.resume(arrival.call_id, "the engine was lost", arrival.joined, version)
        if state is not None:
            self.taken_up(state)
        return state

    def _call(self, state: CallState, channel: Channel, prompts: Prompts, line: Line) -> Call:
        return Call(
            state=state,
            channel=channel,
            prompts=prompts,
            journal=self.journal,
            requests=self.requests,
            vault=self.vault,
            languages=self.languages,
            now=self.now,
            offered_languages=line.languages,
            messages=self.messages,
            around=self.around,
            systems=self.systems,
        )

    async def _begin(self, call: Call, arrival: Arrival, service: Service) -> None:
        route = service.route(arrival.dialled, self.now())
        caller = normalise(arrival.caller) or ""
        call.offered_languages = route.line.languages
        call.log(
            Started(
                at=self.now(),
                ticket=self.take_number(),
                called=route.called,
                caller=caller,
                line=route.line.name,
                region=route.line.region,
                language=route.line.languages[0],
                flow=route.flow,
                dialled=arrival.dialled,
                version=service.version,
            )
        )
        remembered = await self.languages.recall(caller) if caller else None
        if remembered in route.line.languages and remembered is not None:
            call.log(LanguageChosen(at=self.now(), language=remembered))
