"""Whatever is keyed on the shipped flows, every call comes to exactly one end, and never to an exception."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.calllog.events import NodeEntered
from ivr.channel import QueueResult
from ivr.flow.service import load
from ivr.session import MOST_STEPS
from ivr.settings import PROJECT
from tests.unit.scripted import TICKET, EagerCaller, Requests, ScriptedCaller, walk

SERVICE = load(PROJECT)
NUMBERS = [*SERVICE.numbers, "+78005559999", "nonsense"]

keys = st.lists(st.sampled_from([*"0123456789*#_", "11223344595", f"{TICKET}#", f"{TICKET}#1"]), max_size=60).map(
    "".join
)


@settings(max_examples=150, deadline=None)
@given(
    keys=keys,
    dialled=st.sampled_from(NUMBERS),
    eager=st.booleans(),
    steps=st.none() | st.integers(0, 60),
    queue=st.lists(st.sampled_from(list(QueueResult)), min_size=1, max_size=3).map(tuple),
    message=st.sampled_from([0.0, 9.0, OSError(28, "full")]),
    remembered=st.sampled_from(["", "en", "tt"]),
    broken=st.booleans(),
)
def test_random_keys_never_dead_end(keys, dialled, eager, steps, queue, message, remembered, broken) -> None:
    kind = EagerCaller if eager else ScriptedCaller
    caller = kind(keys, queue=queue, message_seconds=message, steps_to_live=steps)
    given: dict[str, object] = {"dialled": dialled, "remembered": remembered}
    if broken:
        given["requests"] = Requests(broken=True)
    with tempfile.TemporaryDirectory() as folder:
        walked = asyncio.run(walk(SERVICE, caller, Path(folder), **given))
    assert walked.end in {"completed", "answered", "voice-message", "callback"} | (
        set() if steps is None else {"abandoned-in-menu", "abandoned-in-queue", "abandoned-while-ringing"}
    )
    assert "trouble" not in walked.caller.played
    if steps is None:
        assert caller.hung_up


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["*", "8", "9", "1*", "1#", "541", f"1{TICKET}#1*", "5", "311*"]))
def test_a_caller_who_never_stops_is_led_to_a_person(pattern: str) -> None:
    caller = ScriptedCaller("1" + pattern * 3000)
    with tempfile.TemporaryDirectory() as folder:
        walked = asyncio.run(walk(SERVICE, caller, Path(folder)))
    assert walked.end == "answered"
    assert len(walked.log.of(NodeEntered)) <= MOST_STEPS + 20
