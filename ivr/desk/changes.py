"""What changes at the hotline, numbered: whoever listens goes on from the last number they saw, or begins anew.

Changes are told from the state that things are in a moment later, so many changes of one thing in that moment are one.
While nobody listens nothing is kept: the engine's time is the callers'.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from ivr.call import Journal
from ivr.calllog.events import AnyEvent, Decided, Ended
from ivr.calllog.state import CallState
from ivr.desk.calls import call_answer
from ivr.desk.roles import WATCHERS, Principal, Role
from ivr.messages import LANGUAGES
from ivr.why.reasons import reasons
from ivr.why.words import told
from routing.events import OperatorStateChanged
from routing.views import OperatorView, QueueView

MOMENT = 0.02
"""Seconds between a change and its telling."""

BACKLOG = 5_000
"""Changes that are kept for those who come back."""

LINGER = 90.0
"""Seconds for which changes are kept after the last listener has gone."""

Whole = Callable[[Role], dict[str, Any]]


class Hotline(Protocol):
    """How things stand now."""

    def operators(self) -> list[OperatorView]:
        """Every operator."""
        ...

    def queues(self) -> list[QueueView]:
        """Every queue."""
        ...


class Calls(Protocol):
    """The calls in progress."""

    def calls(self) -> Iterable[CallState]:
        """Every one."""
        ...


@dataclass(slots=True)
class Change:
    """One change. ``operators``: whose call it is now, and was before; None for what everybody may see."""

    seq: int
    kind: str
    id: str
    tell: Whole
    operators: tuple[str, str] | None = None
    _texts: dict[str, str] = field(default_factory=dict)

    def text(self, who: Principal) -> str:
        """As it is sent to them; "" when it is not for them. Made once for all who see the same."""
        mine = self.operators is None or who.role in WATCHERS or self.operators[0] == who.user
        if not mine and (self.operators is None or who.user != self.operators[1] or not who.user):
            return ""
        view = who.role.value if mine else "gone"
        if view not in self._texts:
            told = self.tell(who.role) if mine else {"call": None}
            self._texts[view] = json.dumps({"seq": self.seq, "type": self.kind, "id": self.id, **told})
        return self._texts[view]


class Changes:
    """The numbered changes of one engine. ``clock``: steady seconds."""

    def __init__(self, hotline: Hotline, calls: Calls, clock: Callable[[], float]) -> None:
        self._hotline, self._calls, self._clock = hotline, calls, clock
        self.run, self.seq = secrets.token_hex(6), 0
        self._kept: deque[Change] = deque(maxlen=BACKLOG)
        self._dirty: dict[tuple[str, str], None] = {}
        self._news = asyncio.Event()
        self._listeners = 0
        self._left = float("-inf")
        self._decided: dict[str, Decided] = {}
        self._at: dict[str, str] = {}

    def operator(self, change: OperatorStateChanged) -> None:
        """An operator's state is another."""
        self._mark("operator", change.operator)
        self._mark("queues", "")

    def take(self, call_id: str, event: AnyEvent) -> None:
        """Something happened in a call."""
        if isinstance(event, Decided):
            self._decided[call_id] = event
        elif isinstance(event, Ended):
            self._decided.pop(call_id, None)
        self._mark("call", call_id)
        self._mark("queues", "")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Changes are kept for as long as this lasts, and a while longer."""
        if not self._awake():
            self._kept.clear()
            self._dirty.clear()
            self.seq += 1  # whoever saw the number before has missed something
        self._listeners += 1
        try:
            yield
        finally:
            self._listeners -= 1
            self._left = self._clock()

    def resumes(self, run: str, after: int) -> bool:
        """Whether nothing after this number of this run is lost."""
        oldest = self._kept[0].seq if self._kept else self.seq + 1
        return run == self.run and oldest - 1 <= after <= self.seq

    def after(self, seq: int) -> list[Change] | None:
        """The changes since; None when some of them are kept no longer."""
        if not self.resumes(self.run, seq):
            return None
        newer = self.seq - seq
        return list(self._kept)[len(self._kept) - newer :] if newer else []

    async def news(self, seq: int) -> None:
        """Wait until there is a change after this number."""
        while self.seq <= seq:
            await self._news.wait()

    def picture(self, who: Principal) -> dict[str, Any]:
        """How everything stands now, as far as they may see it."""
        calls = [each for each in self._calls.calls() if who.role in WATCHERS or (who.user and _at(each) == who.user)]
        return {
            "seq": self.seq,
            "type": "reset",
            "run": self.run,
            "operators": [_operator(each) for each in self._hotline.operators()],
            "queues": [_queue(each) for each in self._hotline.queues()],
            "calls": [self._call(each, who.role) for each in calls],
        }

    def _awake(self) -> bool:
        return self._listeners > 0 or self._clock() - self._left < LINGER

    def _mark(self, kind: str, id: str) -> None:
        if not self._awake():
            return
        if not self._dirty:
            asyncio.get_running_loop().call_later(MOMENT, self._tell)
        self._dirty[kind, id] = None

    def _tell(self) -> None:
        dirty, self._dirty = self._dirty, {}
        wanted = {kind for kind, _ in dirty}
        operators = {each.id: each for each in self._hotline.operators()} if "operator" in wanted else {}
        calls = {each.call_id: each for each in self._calls.calls()} if "call" in wanted else {}
        for kind, id in dirty:
            if kind == "operator":
                view = operators.get(id)
                self._add("operator", id, {"operator": _operator(view) if view else None})
            elif kind == "call":
                self._add_call(id, calls.get(id))
            else:
                self._add("queues", "", {"queues": [_queue(each) for each in self._hotline.queues()]})
        self._news.set()
        self._news = asyncio.Event()

    def _add_call(self, id: str, state: CallState | None) -> None:
        over = state is None or state.ended is not None
        now, before = "" if state is None or over else _at(state), self._at.get(id, "")
        if over:
            self._at.pop(id, None)
        else:
            self._at[id] = now
        whole = {role: {"call": None if state is None or over else self._call(state, role)} for role in Role}
        self.seq += 1
        self._kept.append(Change(self.seq, "call", id, whole.__getitem__, (now, before)))

    def _add(self, kind: str, id: str, told: dict[str, Any]) -> None:
        self.seq += 1
        self._kept.append(Change(self.seq, kind, id, lambda _: told))

    def _call(self, state: CallState, role: Role) -> dict[str, Any]:
        answer = call_answer(state, role).model_dump(mode="json")
        return {
            **answer,
            "why": self._why(state.call_id),
            "priority": state.priority,
            "attempts": len(state.refused_by),
        }

    def _why(self, call_id: str) -> dict[str, str]:
        """Why the call is where it is, by language; nothing before it was offered."""
        found = reasons([self._decided[call_id]]) if call_id in self._decided else []
        words = next((line for reason in found for line in told(reason)), None)
        return {language: words.told(language) for language in LANGUAGES} if words is not None else {}


class TellingJournal:
    """A Journal that tells of what passes through it."""

    def __init__(self, journal: Journal, take: Callable[[str, AnyEvent], None]) -> None:
        self._journal, self._take = journal, take

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        """Hand the event on, and tell of it."""
        self._journal.append(call_id, seq, event)
        self._take(call_id, event)


def _at(call: CallState) -> str:
    """Whom the call is at: their phone rings, or they talk."""
    return call.operator if call.talking else call.offered_to


def _operator(view: OperatorView) -> dict[str, Any]:
    return {
        "id": view.id,
        "state": view.state.value,
        "reason": view.reason,
        "since": view.since,
        "call": view.contact or None,
        "pause": view.pause,
    }


def _queue(view: QueueView) -> dict[str, Any]:
    return {
        "name": view.name,
        "waiting": view.waiting,
        "longest_wait": round(view.longest_wait, 1),
        "offered": view.offered,
        "talking": view.talking,
        "ready": view.ready,
    }
