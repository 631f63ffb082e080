"""Flows at random: the check never crashes, and what it passes never dead-ends when calls walk it at random.

``IVR_WALKS`` is how many calls are walked (the real session and nodes, a scripted caller); the bar is 100,000.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.calllog.events import NodeEntered
from ivr.channel import QueueResult
from ivr.flow.checks import check
from ivr.flow.prompt_texts import read_prompt_texts
from ivr.flow.proof.persons import FOR_A_PERSON
from ivr.flow.proof.ways import Begin, State, Ways
from ivr.flow.queues import entry
from ivr.flow.service import Service, load
from ivr.settings import PROJECT
from tests.unit.ivr.flow.proof.generated import generate
from tests.unit.ivr.flow.proof.written import AT
from tests.unit.scripted import TICKET, EagerCaller, Requests, ScriptedCaller, walk

INSTANTS = 20
"""Instants at which a call can come to a closed queue."""

WALKS = int(os.environ.get("IVR_WALKS", "300"))
CALLS_A_SERVICE = max(10, WALKS // 400)
KEYS = [*"0123456789*#_", "11223344595", "1122334459#", f"{TICKET}#", f"{TICKET}#1"]
Generated = Callable[[Random], Service | None]


PROMPTS = read_prompt_texts(PROJECT / "recordings/prompts")


@pytest.fixture
def generated(tmp_path: Path) -> Generated:
    """Makes a service, checks it, and gives it if it is sound."""

    def make(random: Random) -> Service | None:
        generate(tmp_path, random)
        service = load(tmp_path)
        faults = [problem for problem in check(service, PROMPTS, AT) if problem.severity == "error"]
        return None if faults else service

    return make


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=False))
def test_the_check_never_crashes(generated: Generated, random: Random) -> None:
    generated(random)


async def test_what_passes_never_dead_ends(generated: Generated, tmp_path: Path) -> None:
    random, walked = Random(20261124), 0
    while walked < WALKS:
        service = generated(random)
        for _ in range(CALLS_A_SERVICE if service else 0):
            assert service is not None
            await _one_call(service, tmp_path, random)
            walked += 1


def test_what_passes_leads_nought_to_somebody_at_whatever_instant(generated: Generated) -> None:
    """What the check says of intervals, instant by instant: the queues that are closed just then are nobody."""
    random, looked = Random(20261125), 0
    while looked < INSTANTS:
        service = generated(random)
        for _ in range(3 if service else 0):
            assert service is not None
            at = AT + random.randrange(366 * 86400)
            shut = frozenset(name for name in service.queues if entry(service.queues, name, at) is None)
            begins = [Begin(line, line.flow_at(at)) for line in service.lines.values()]
            looked += _nought_leads_to_somebody(Ways(service, begins, shut), at)


def _nought_leads_to_somebody(ways: Ways, at: float) -> bool:
    """Whether there was anything to look at."""
    closed = [state for state in ways.states if ways.is_shut(state)]
    for state in ways.states:
        for outcome, there in ways.onward[state]:
            if outcome in FOR_A_PERSON:
                assert _ends_with_somebody(ways, there), (state, at, ways.shut)
    return bool(closed)


def _ends_with_somebody(ways: Ways, state: State | None) -> bool:
    """Along every way of somebody who presses nothing more."""
    if state is None:
        return False
    node = ways.node(state)
    if node.waits and not ways.is_shut(state):
        return True
    onward = [there for outcome, there in ways.onward[state] if outcome in set(node.silent())]
    return all(_ends_with_somebody(ways, there) for there in onward)


async def _one_call(service: Service, folder: Path, random: Random) -> None:
    keys = "".join(random.choices(KEYS, k=random.choice((0, 0, 3, 10))))
    kind = random.choice((ScriptedCaller, EagerCaller))
    unanswered = random.choice((QueueResult.TIMEOUT, QueueResult.CLOSED))
    queue = (*random.choices(list(QueueResult), k=4), unanswered)  # who has talked four times talks no more
    caller = kind(keys, queue=queue, message_seconds=random.choice((0.0, 9.0, OSError(28, "full"))))
    dialled = random.choice((*service.numbers, "nonsense"))
    given = {"dialled": dialled, "at": AT + random.randrange(366 * 86400), "remembered": random.choice(("", "en"))}
    if random.random() < 0.3:
        given["requests"] = Requests(broken=True)
    called = await walk(service, caller, folder / "messages", **given)
    told = "\n".join(
        [*(flow.source.raw.decode() for flow in service.flows.values()), keys, str(queue), str(called.path)]
    )
    assert called.end in {"completed", "answered", "voice-message", "callback"}, f"{called.end}: {told}"
    assert "trouble" not in caller.played, told
    assert caller.hung_up
    if not keys:
        _is_near_a_person(service, called.log.of(NodeEntered), told)


def _is_near_a_person(service: Service, entered: list[NodeEntered], told: object) -> None:
    """Nobody who presses nothing passes more nodes than the flow allows without coming to a person."""
    nodes = [service.flows[event.flow].nodes[event.node] for event in entered]
    first = next((number for number, node in enumerate(nodes) if node.waits), len(nodes))
    most = service.flows[entered[0].flow].steps if entered else 0
    assert first <= most, told
