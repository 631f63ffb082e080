"""A caller who does what an example call says, step by step, and notes the first step that comes otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from ivr.channel import CallerGone
from ivr.flowtest.example import Spot, Step
from ivr.flowtest.said import Said
from ivr.messages import Message
from ivr.rescue import TROUBLE


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that came otherwise: what the file says, and what happened: Messages, where they are no YAML."""

    spot: Spot
    expected: str
    actual: str


class Script:
    """Implements ivr.flowtest.caller.Caller. After the last step the caller says nothing and stays on the line.

    ``clock``: the virtual time (s). ``failure``: the first step that came otherwise; the caller hung up there.
    """

    def __init__(self, steps: Sequence[Step], clock: Callable[[], float]) -> None:
        self._steps = steps
        self._clock = clock
        self._at = 0
        self._step = steps[0] if steps else None
        self._part = 0
        self._until: float | None = None
        self._heard: list[Said] = []
        self.failure: Failure | None = None

    def turn(self) -> None:
        """As Caller.turn: ``hangs-up`` is done at the first thing that happens after the step before it."""
        if self._step is not None and self._step.kind == "hangs-up":
            self._done()
            raise CallerGone

    def types_over(self, said: Said) -> str:
        """As Caller.types_over."""
        step = self._step
        if step is None or not step.during or not _is(step.during, said):
            return ""
        self._done()
        return str(step.value)

    def hears(self, said: Said) -> None:
        """As Caller.hears; what no step asks for is passed over."""
        self._heard.append(said)
        step = self._step
        if step is not None and step.kind == "hears" and _is(step.value[self._part], said):
            self._part += 1
            if self._part == len(step.value):
                self._done(acted=False)
            return
        if TROUBLE in said.prompts:
            self._fail(Message("something-failed"))

    def presses(self, timeout: float) -> str | None:
        """As Caller.presses."""
        step = self._step
        if step is None:
            return None
        if step.kind == "presses" and not step.during:
            return self._key(step)
        self.turn()
        if step.kind != "says" or step.value != 0:
            self._fail(Message("then-a-key", heard=self._lately()))
        self._done()
        return None

    def speaks(self, most: float) -> float:
        """As Caller.speaks."""
        step = self._step
        if step is None:
            return 0.0
        if step.kind != "says":
            self._fail(Message("then-a-message", heard=self._lately()))
        self._done()
        return min(most, float(step.value))

    def waits(self) -> asyncio.Future[str]:
        """As Caller.waits."""
        key: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._wait(key)
        return key

    def _wait(self, key: asyncio.Future[str]) -> None:
        """Take the steps that are taken in the music, up to a key."""
        step = self._step
        try:
            self.turn()
            if step is not None and step.kind == "waits":
                self._music(float(step.value), key)
            elif step is not None and step.kind == "presses" and not step.during:
                key.set_result(self._key(step))
            elif step is not None and step.kind == "says":
                self._fail(Message("then-music", heard=self._lately()))
        except CallerGone as gone:
            key.set_exception(gone)

    def rings(self, operator: str) -> None:
        """As Caller.rings."""
        step = self._step
        if step is None or step.kind not in ("rings", "waits"):
            return
        if step.value != operator:
            self._fail(Message("phone-rings", operator=operator))
        self._done()

    def talks(self, operator: str) -> bool:
        """As Caller.talks."""
        step = self._step
        if step is not None and step.kind == "talks-to":
            if step.value != operator:
                self._fail(Message("talks-to", operator=operator))
            self._done()
        try:
            self.turn()
        except CallerGone:
            return True
        return False

    def over(self, how: str) -> None:
        """The call is over: every step must have been taken."""
        if self.failure is None and self._step is not None:
            self._note(Message("then-over", heard=self._lately(), how=how))

    def _music(self, seconds: float, key: asyncio.Future[str]) -> None:
        """The rest of a wait, which offers may interrupt."""
        if self._until is None:
            self._until = self._clock() + seconds

        def over() -> None:
            if not key.done():
                self._done()
                self._wait(key)

        timer = key.get_loop().call_later(self._until - self._clock(), over)
        key.add_done_callback(lambda _: timer.cancel())

    def _key(self, step: Step) -> str:
        key: str = step.value[self._part]
        self._part += 1
        if self._part == len(step.value):
            self._done()
        return key

    def _done(self, *, acted: bool = True) -> None:
        """The step is taken; ``acted``: by the caller, so that what was heard before is of no interest any more."""
        self._at, self._part, self._until = self._at + 1, 0, None
        self._step = self._steps[self._at] if self._at < len(self._steps) else None
        if acted:
            self._heard.clear()

    def _fail(self, actual: Message) -> NoReturn:
        self._note(actual)
        raise CallerGone

    def _note(self, actual: Message) -> None:
        step = self._step
        if self.failure is None:
            spot = step.spot if step else self._steps[-1].spot if self._steps else Spot("", 1)
            self.failure = Failure(spot, str(step) if step else Message("nothing-more"), actual)

    def _lately(self) -> Message:
        """What was heard since the caller's last act, a caller's own data left out."""
        names = dict.fromkeys(str(said) for said in self._heard)
        return Message("heard", names=tuple(names)) if names else Message("heard-nothing")


def _is(wanted: str, said: Said) -> bool:
    """Whether this is the prompt, or has the words, that a step names."""
    return wanted in said.prompts or wanted in said.text
