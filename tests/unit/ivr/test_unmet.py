"""Calls that wait for what nobody on the roster can do are told at once, with the reason."""

import asyncio
from types import SimpleNamespace

import pytest

from ivr.calllog.events import Queued
from ivr.channel import QueueRequest
from ivr.conditions import Conditions
from ivr.emergencies import Emergencies
from ivr.flow.queues import ServiceQueue
from ivr.golive.standing import Standing
from ivr.messages import told as in_language
from ivr.queueing import Queueing
from ivr.recordings import Recordings
from ivr.unmet import told
from routing.demand import unmet
from routing.dispatcher import Dispatcher
from routing.model import Operator
from routing.router import Router
from tests.unit.ivr.line import Line, a_call
from tests.until import until

ANNA = Operator("anna", {"technical": 2})


@pytest.mark.parametrize(
    ("needs", "roster", "english", "russian"),
    [
        ({}, [], "there are no operators", "операторов нет"),
        ({"law": 1}, [ANNA], "no operator has the skill law", "ни у кого из операторов нет навыка law"),
        ({"technical": 3}, [ANNA], "no operator has technical at 3; the best has 2", "лучший — 2"),
        ({"technical": 1, "law": 1}, [ANNA, Operator("b", {"law": 1})], "all of technical:1 law:1", "нет всех"),
    ],
)
def test_each_reason_is_told_in_english_and_in_russian(needs, roster, english, russian):
    why = unmet(needs, roster)
    assert english in why
    assert told(why) == why
    assert russian in told(why).told("ru")


async def test_a_call_that_waits_in_vain_is_told_in_its_ticket_and_by_status(tmp_path):
    queue = ServiceQueue("technical")
    dispatcher = Dispatcher(Router([queue.routed], tokens=lambda: "t"), lambda: 0.0)
    dispatcher.join(ANNA)
    standing = Standing(dispatcher)
    clock = {"now": lambda: 0.0, "steady": lambda: 0.0, "free_to_ring": lambda _: None}
    queueing = Queueing(dispatcher, Recordings(tmp_path), standing=standing, **clock)
    parts = dict.fromkeys(("opening", "tickets", "spool", "applier", "live"))
    conditions = Conditions(None, 0, in_vain=standing.in_vain, emergencies=Emergencies(tmp_path, lambda: 0.0), **parts)
    assert (await conditions.demands()).ok
    call, needs = a_call(lambda: 0.0), {"technical": 3}
    call.service = SimpleNamespace(queues={"technical": queue})
    waits = asyncio.create_task(queueing.wait(call, Line(), QueueRequest("technical", needs)))
    await until(lambda: standing.in_vain() != [])
    assert call.journal.of(Queued)[0].unmet == "no operator has technical at 3; the best has 2"
    verdict = await conditions.demands()
    assert not verdict.ok
    assert in_language(verdict.words, "ru").startswith("в очереди technical напрасно ждёт 1 звонок: ни у кого")
    dispatcher.change(Operator("anna", {"technical": 3}))
    assert (await conditions.demands()).ok
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
