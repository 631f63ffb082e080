"""A caller's line without a telephone: the test is the caller, and the operators' phones."""

import asyncio
from pathlib import Path

from ivr.call import Call, RequestStatus
from ivr.calllog.events import Decided, Queued, Started
from ivr.calllog.state import CallState
from ivr.channel import CallerGone, RingOutcome, Rung
from ivr.speech import Groups, Utterance
from tests.until import until


class Ring:
    """An operator's phone that rings."""

    def __init__(self, operator, seconds, shown, record_to, moments) -> None:
        self.operator = operator
        self.seconds = seconds
        self.shown = shown
        self.record_to: Path | None = record_to
        self.pick_up = moments.answered
        self.put_down = moments.over
        self.dialled = moments.dialled
        self.end: asyncio.Future[Rung] = asyncio.get_running_loop().create_future()

    def over(self, outcome: RingOutcome, **more) -> None:
        self.end.set_result(Rung(outcome, **more))

    def hang_up(self, seconds: float = 10.0, caller_gone: bool = False) -> None:
        """The end of a conversation."""
        self.over(RingOutcome.ANSWERED, talk_seconds=seconds, caller_gone=caller_gone)


class Line:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.phones: asyncio.Queue[Ring] = asyncio.Queue()
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._gone = asyncio.Event()
        self.saying = asyncio.Event()
        self.speech_ends = asyncio.Event()
        self.speech_ends.set()

    # The test's side

    def press(self, key: str) -> None:
        self._keys.put_nowait(key)

    async def time_passes(self, hotline, seconds: float) -> None:
        """The wait looks at its clock again once the caller, in the music, has pressed a key that asks nothing."""
        await until(lambda: "music" in self.heard)
        hotline.now += seconds
        self.press("7")
        await until(self._keys.empty)
        for _ in range(20):  # time enough to act on it
            await asyncio.sleep(0)

    def hang_up(self) -> None:
        self._gone.set()

    async def phone(self) -> Ring:
        return await asyncio.wait_for(self.phones.get(), 10)

    # The engine's side

    async def _unless_gone(self, awaitable):
        doing, gone = asyncio.ensure_future(awaitable), asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise CallerGone
            return doing.result()
        finally:
            doing.cancel()
            gone.cancel()

    async def music(self, on: bool) -> None:
        if self._gone.is_set():
            raise CallerGone
        self.heard.append("music" if on else "silence")

    async def play(self, speech, *, keys="0123456789*#"):
        self.heard.append(" ".join(piece.text for piece in speech))
        self.saying.set()
        await self._unless_gone(self.speech_ends.wait())

    async def waiting_key(self) -> str:
        return await self._unless_gone(self._keys.get())

    async def ring(self, operator, seconds, *, shown, record_to, moments):
        ring = Ring(operator, seconds, shown, record_to, moments)
        self.phones.put_nowait(ring)
        return await self._unless_gone(ring.end)


class Prompts:
    def say(self, name, language, /, **values):
        words = " ".join(" ".join(v.groups) for v in values.values() if isinstance(v, Groups))
        return (Utterance(language, f"{name} {words}"),)


class Journal:
    def __init__(self) -> None:
        self.events = []

    def append(self, call_id, seq, event) -> None:
        assert seq == len(self.events) + 1
        self.events.append(event)

    def words(self) -> list[str]:
        """Each event's kind with what it says, after the call's start; not what the router saw."""
        return [self._words(event) for event in self.events if not isinstance(event, Started | Decided)]

    def _words(self, event) -> str:
        kind = type(event).__name__
        said = [getattr(event, name, "") for name in ("operator", "queue", "path")]
        if kind not in ("Offered", "NotRecorded"):
            said.append(getattr(event, "why", ""))
        return " ".join([kind, *(word for word in said if word)])

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


class Nothing:
    async def status(self, number) -> RequestStatus | None:
        return None

    def seal(self, kind, value):
        raise NotImplementedError

    def remember(self, caller, language) -> None: ...


def a_call(now, *, call_id="c1", ticket=10000005, waiting_since=None) -> Call:
    nothing = Nothing()
    call = Call(CallState(call_id), None, Prompts(), Journal(), nothing, nothing, nothing, now, ("ru",), Path())
    start = {"called": "+78005553535", "caller": "+79990000000", "line": "moscow", "region": "moscow", "flow": "main"}
    call.log(Started(at=now(), ticket=ticket, language="ru", **start))
    if waiting_since is not None:
        call.log(Queued(at=waiting_since, queue="technical", needs={}, since=waiting_since))
    return call
