"""Runs example calls one after another on one virtual loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ivr.flow.hours import read_hours
from ivr.flow.service import Service
from ivr.flowtest.clock import Stuck, VirtualLoop
from ivr.flowtest.example import Example
from ivr.flowtest.expectation import differences
from ivr.flowtest.script import Failure, Script
from ivr.flowtest.world import World
from ivr.messages import Message
from ivr.session import Session, Took
from ivr.speech import Prompts

_CLOSED = read_hours({"daily": "closed"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one example. ``seconds``: how long the call lasted, in its own time."""

    example: Example
    failures: tuple[Failure, ...]
    seconds: float


def run_examples(
    service: Service, prompts: Prompts, examples: Iterable[Example], took: Took | None = None
) -> list[Verdict]:
    """The verdict on each. ``prompts`` give ivr.flowtest.said.Said. Blocks; in a thread without a running loop."""
    verdicts: list[Verdict] = []
    waiting = iter(examples)
    open_hours, after_hours = Session(service, took), Session(_after_hours(service), took)

    async def run() -> None:
        for example in waiting:
            verdicts.append(_stuck(example))  # what stays if the loop finds nothing more to do
            session = after_hours if example.circumstances.out_of_hours else open_hours
            verdicts[-1] = await _run(session, prompts, example)

    before = -1
    while len(verdicts) > before:
        before = len(verdicts)
        try:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                runner.run(run())
        except Stuck:
            continue
    return verdicts


def _after_hours(service: Service) -> Service:
    """The same service, when every line has closed."""
    lines = {name: replace(line, hours=_CLOSED) for name, line in service.lines.items()}
    return replace(service, lines=lines, unknown=replace(service.unknown, hours=_CLOSED))


def _stuck(example: Example) -> Verdict:
    failure = Failure(example.spot, Message("call-ends"), Message("call-goes-on"))
    return Verdict(example, (failure,), 0.0)


async def _run(session: Session, prompts: Prompts, example: Example) -> Verdict:
    loop = asyncio.get_running_loop()
    script = Script(example.steps, loop.time)
    began = loop.time()
    traces = await World(session, prompts, example.circumstances, script).walk()
    script.over(str(traces.state.end))
    failures = (script.failure,) if script.failure else tuple(differences(example.wanted, traces))
    return Verdict(example, failures, loop.time() - began)
