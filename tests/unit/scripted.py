"""A caller by script: keys in, words out; no telephone, no time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ivr.call import Call, LookupFailed, RequestStatus
from ivr.calllog.events import Answered as AnsweredEvent
from ivr.calllog.events import (
    AnyEvent,
    Ended,
    Identified,
    LanguageChosen,
    Offered,
    Queued,
    QueueLeft,
    Started,
    TalkEnded,
)
from ivr.calllog.state import CallState
from ivr.channel import KEYS, CallerGone, Keyed, QueueRequest, QueueResult, RingOutcome, Rung
from ivr.digits import key_by_key
from ivr.flow.service import Service
from ivr.session import Session
from ivr.settings import PROJECT
from ivr.speech import Day, Groups, Number, Prompt, Span, Speech, Text, UnknownPrompt, Utterance, Value

SILENCE = "_"
HANGUP = "!"
TICKET = 10_000_004


class FakePrompts:
    """The project's own texts, with values put in as a test can read them; ``said`` keeps the names in order."""

    def __init__(self, folder: Path = PROJECT / "recordings/prompts") -> None:
        self.folder = folder
        self.said: list[str] = []

    def say(self, name: str, language: str, /, **values: Value) -> Speech:
        path = self.folder / language / f"{name}.txt"
        if not path.exists():
            raise UnknownPrompt(name)
        text = path.read_text("utf-8").strip()
        for slot, value in values.items():
            text = text.replace("{" + slot + "}", self.spoken(value, language))
        self.said.append(name)
        return (Utterance(language, text, audio=name),)

    def spoken(self, value: Value, language: str) -> str:
        match value:
            case Groups(groups):
                return " ".join(groups)
            case Day(day):
                return day.isoformat()
            case Number(number):
                return str(number)
            case Span(span):
                return str(span)
            case Text(text):
                return text
            case Prompt(name):
                return self.say(name, language)[0].text


@dataclass
class ScriptedCaller:
    """Presses ``keys`` one after another: one at each question; ``_`` is silence, ``!`` hangs up; silence at the end.

    ``queue``: how each waiting ends, the last for ever. ``steps_to_live``: after so many calls of any method the
    caller has gone; ``gone_while``: while ``waiting``, ``ringing`` or ``talking``. ``lost``: by a fault of ours.
    """

    keys: str = ""
    queue: tuple[QueueResult, ...] = (QueueResult.ANSWERED,)
    message_seconds: float | OSError = 12.0
    steps_to_live: int | None = None
    gone_while: str = ""
    lost: bool = False
    heard: list[str] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    uninterrupted: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    requests: list[QueueRequest] = field(default_factory=list)
    hung_up: bool = False
    outside: RingOutcome = RingOutcome.ANSWERED
    transfers: list[str] = field(default_factory=list)

    def _live(self) -> None:
        if self.steps_to_live is not None:
            if self.steps_to_live <= 0:
                raise CallerGone(self.lost)
            self.steps_to_live -= 1

    def _next(self) -> str | None:
        key, self.keys = self.keys[:1], self.keys[1:]
        if key == HANGUP:
            raise CallerGone(self.lost)
        return None if key in ("", SILENCE) else key

    async def answer(self) -> None:
        self._live()

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        self._live()
        self.heard += [part.text for part in speech]
        self.played += [part.audio or "" for part in speech]
        if not keys:
            self.uninterrupted += [part.audio or "" for part in speech]
        return None

    async def ask(self, speech: Speech, *, most: int, first: float, between: float) -> Keyed:
        during = await self.play(speech)

        async def press(timeout: float) -> str | None:
            nonlocal during
            key, during = during, None
            return key or await self._press(timeout)

        return await key_by_key(press, most=most, first=first, between=between)

    async def _press(self, timeout: float) -> str | None:
        self._live()
        self.waits.append(timeout)
        return None if timeout == 0 else self._next()

    async def record(self, path: Path, *, max_seconds: float, silence: float, end_keys: str) -> float:
        self._live()
        if isinstance(self.message_seconds, OSError):
            raise self.message_seconds
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"RIFF")
        return self.message_seconds

    async def enqueue(self, call: Call, request: QueueRequest) -> QueueResult:
        self._live()
        self.requests.append(request)
        since = call.state.queued_since if call.state.waiting else call.now()
        call.log(Queued(at=call.now(), queue=request.queue, needs=request.needs, since=since or 0.0))
        self._go_while("waiting")
        call.log(Offered(at=call.now(), operator="anna"))
        self._go_while("ringing")
        result = self.queue[min(len(self.requests), len(self.queue)) - 1]
        if result is QueueResult.ANSWERED:
            call.log(AnsweredEvent(at=call.now(), operator="anna"))
            self._go_while("talking")
            call.log(TalkEnded(at=call.now(), operator="anna", seconds=5))
        else:
            call.log(QueueLeft(at=call.now(), why=result.value))
        return result

    def _go_while(self, moment: str) -> None:
        if self.gone_while == moment:
            raise CallerGone(self.lost)

    async def transfer(self, number: str, seconds: float) -> Rung:
        self._live()
        self.transfers.append(number)
        self._go_while("talking")
        return Rung(self.outside, 20.0 if self.outside is RingOutcome.ANSWERED else 0.0)

    async def hangup(self) -> None:
        self.hung_up = True


class EagerCaller(ScriptedCaller):
    """Presses each key while the prompt is being said, as far as the prompt lets them."""

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        await super().play(speech, keys=keys)
        return self._next() if keys and speech else None


@dataclass
class Log:
    """A journal in memory."""

    events: list[AnyEvent] = field(default_factory=list)

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        assert seq == len(self.events) + 1, "events are numbered without a gap"
        self.events.append(event)

    def of(self, kind: type) -> list[AnyEvent]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Requests:
    """Requests by number; ``broken``: the lookup fails."""

    known: dict[int, RequestStatus] = field(default_factory=dict)
    broken: bool = False

    async def status(self, number: int) -> RequestStatus | None:
        if self.broken:
            raise LookupFailed
        return self.known.get(number)


class Vault:
    """Seals by hiding."""

    def seal(self, kind: str, value: str) -> Identified:
        return Identified(at=1.0, kind=kind, masked="*" * len(value), sealed="x", digest="y")


@dataclass
class Memory:
    """Languages remembered."""

    known: dict[str, str] = field(default_factory=dict)

    def remember(self, caller: str, language: str) -> None:
        self.known[caller] = language


@dataclass
class Walked:
    """What came of a call."""

    call: Call
    caller: ScriptedCaller
    log: Log
    memory: Memory
    prompts: FakePrompts

    @property
    def end(self) -> str:
        ends = self.log.of(Ended)
        assert len(ends) == 1, "every call has exactly one end"
        assert self.log.events[-1] is ends[0]
        return ends[0].end.value

    @property
    def path(self) -> list[str]:
        return self.call.state.path

    @property
    def request(self) -> QueueRequest:
        return self.caller.requests[-1]


KNOWN = RequestStatus(TICKET, "in-progress", date(2026, 11, 20), date(2026, 12, 1))


def begin(
    service: Service,
    caller: ScriptedCaller,
    messages: Path,
    *,
    dialled: str = "+78005553535",
    remembered: str = "",
    requests: Requests | None = None,
    at: float = 1_795_000_000.0,
) -> Walked:
    """A call that has just arrived."""
    log, memory, prompts = Log(), Memory(), FakePrompts()
    route = service.route(dialled, at)
    call = Call(
        state=CallState("c-1"),
        channel=caller,
        prompts=prompts,
        journal=log,
        requests=requests or Requests({TICKET: KNOWN}),
        vault=Vault(),
        languages=memory,
        now=lambda: at,
        offered_languages=route.line.languages,
        messages=messages,
    )
    line = route.line
    started = Started(
        at=at,
        ticket=TICKET,
        called=route.called,
        caller="+79160000000",
        line=line.name,
        region=line.region,
        language=line.languages[0],
        flow=route.flow,
    )
    call.log(started)
    if remembered:
        call.log(LanguageChosen(at=at, language=remembered))
    return Walked(call, caller, log, memory, prompts)


async def walk(service: Service, keys: str | ScriptedCaller, messages: Path, **given: object) -> Walked:
    """Walk a call to its end."""
    caller = ScriptedCaller(keys) if isinstance(keys, str) else keys
    walked = begin(service, caller, messages, **given)  # type: ignore[arg-type]
    await Session(service).run(walked.call)
    return walked


def taken_up(walked: Walked, caller: ScriptedCaller, service: Service) -> Walked:
    """The same call, found again by another run of the engine."""
    call = replace(walked.call, channel=caller, ahead=[])
    call.offered_languages = service.line(call.state.line).languages
    return Walked(call, caller, walked.log, walked.memory, walked.prompts)


def names(events: Iterable[AnyEvent]) -> list[str]:
    return [type(event).__name__ for event in events]
