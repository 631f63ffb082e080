"""An emergency measure holds at once for who comes and who waits, outlives a restart, and ends by itself."""

import asyncio
import stat

import pytest

from ivr.calllog.events import Queued
from ivr.channel import QueueResult
from ivr.conditions import Conditions
from ivr.emergencies import FILE, Emergencies
from ivr.flow.emergency import Announcement, Measure
from ivr.flow.queues import ServiceQueue, entry
from ivr.golive.standing import Standing
from ivr.messages import told
from tests.unit.ivr.line import a_call
from tests.unit.ivr.test_queueing import MOMENT, Hotline, waiting
from tests.until import until

FIRE = Measure("technical", MOMENT + 3600.0, "Ольга", "пожар", MOMENT)
SENT = Measure("technical", MOMENT + 3600.0, "Ольга", "пожар", MOMENT, to="general")
ALL = Announcement("fire", MOMENT + 60.0, "Ольга", "пожар", MOMENT)
KNOWN = {name: ServiceQueue(name) for name in ("technical", "general", "federal")}


def conditions(emergencies):
    parts = dict.fromkeys(("opening", "tickets", "spool", "applier", "live", "in_vain"))
    return Conditions(None, 0, emergencies=emergencies, **parts)


def test_a_restart_keeps_it_and_its_end_ends_it(tmp_path):
    Emergencies(tmp_path, lambda: MOMENT).take(SENT)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    now = MOMENT + 3599.0
    again = Emergencies(tmp_path, lambda: now)
    assert again.measures() == (SENT,)
    assert entry(again.under(KNOWN), "technical", now) == "general"
    now += 1.0
    assert again.measures() == ()
    assert entry(again.under(KNOWN), "technical", now) == "technical"


def test_an_announcement_is_kept_beside_the_measures_and_ends_by_itself(tmp_path):
    kept = Emergencies(tmp_path, lambda: MOMENT)
    kept.announce(ALL)
    kept.take(SENT)
    now = MOMENT + 59.0
    again = Emergencies(tmp_path, lambda: now)
    assert (again.announced(), again.measures()) == ("fire", (SENT,))
    now += 1.0
    assert again.announced() == ""
    assert not again.end_announcement("Ольга")
    assert kept.end_announcement("Ольга")
    assert (kept.announced(), Emergencies(tmp_path, lambda: MOMENT).announcement()) == ("", None)
    assert kept.measures() == (SENT,)


def test_a_later_one_takes_the_place_of_an_earlier_one_and_ending_it_opens_the_queue(tmp_path):
    kept = Emergencies(tmp_path, lambda: MOMENT)
    kept.take(SENT)
    kept.take(FIRE)
    assert kept.measures() == (FIRE,)
    assert entry(kept.under(KNOWN), "technical", MOMENT) is None
    assert kept.end("technical", "Ольга")
    assert not kept.end("technical", "Ольга")
    assert entry(kept.under(KNOWN), "technical", MOMENT) == "technical"
    assert Emergencies(tmp_path, lambda: MOMENT).measures() == ()


def test_a_closed_queue_keeps_its_own_overflow_and_two_that_are_sent_to_each_other_are_closed(tmp_path):
    kept = Emergencies(tmp_path, lambda: MOMENT)
    kept.take(FIRE)
    known = {**KNOWN, "technical": ServiceQueue("technical", overflow="federal")}
    assert entry(kept.under(known), "technical", MOMENT) == "federal"
    kept.take(SENT)
    kept.take(Measure("general", SENT.until, "Ольга", "пожар", MOMENT, to="technical"))
    assert entry(kept.under(known), "technical", MOMENT) is None


def test_one_of_a_queue_that_a_new_version_does_not_have_disturbs_nothing(tmp_path):
    kept = Emergencies(tmp_path, lambda: MOMENT)
    kept.take(Measure("gone", SENT.until, "Ольга", "пожар", MOMENT))
    kept.take(Measure("technical", SENT.until, "Ольга", "пожар", MOMENT, to="gone"))
    assert entry(kept.under(KNOWN), "general", MOMENT) == "general"
    assert entry(kept.under(KNOWN), "technical", MOMENT) is None


@pytest.mark.parametrize("damaged", [b"", b"\xff\xfe", b'[{"queue": "technical"', b'[{"queue": 5}]'])
async def test_a_damaged_file_is_told_with_its_mend_and_a_new_order_mends_it(tmp_path, damaged):
    (tmp_path / FILE).write_bytes(damaged)
    kept = Emergencies(tmp_path, lambda: MOMENT)
    verdict = await conditions(kept).emergency()
    assert not verdict.ok
    assert str(tmp_path / FILE) in verdict.words and "`ivr emergency`" in told(verdict.words, "ru")
    kept.take(FIRE)
    assert kept.problem is None
    assert Emergencies(tmp_path, lambda: MOMENT).measures() == (FIRE,)


async def test_a_disk_that_cannot_be_written_keeps_no_queue_open(tmp_path):
    kept = Emergencies(tmp_path / "not-there", lambda: MOMENT)
    kept.take(FIRE)
    assert entry(kept.under(KNOWN), "technical", MOMENT) is None
    assert "a restart would lose them" in (await conditions(kept).emergency()).words


async def test_status_tells_what_is_in_force_but_not_who_and_why(tmp_path):
    kept = Emergencies(tmp_path, lambda: MOMENT)
    assert (await conditions(kept).emergency()).ok
    kept.take(SENT)
    words = told((await conditions(kept).emergency()).words, "ru")
    assert words.startswith("очередь technical направлена в general до ")
    assert "Ольга" not in words and "пожар" not in words
    kept.end("technical", "Ольга")
    kept.announce(ALL)
    words = told((await conditions(kept).emergency()).words, "ru")
    assert words.startswith("все звонящие слышат fire до ")


@pytest.fixture
async def hotline(tmp_path):
    made = Hotline(tmp_path / "calls", ServiceQueue("general"))
    made.emergencies = Emergencies(tmp_path, made.clock)
    made.standing = Standing(made.dispatcher, under=made.emergencies.under)
    made.emergencies.heard = made.standing.look
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


async def test_who_waits_is_sent_at_once_and_keeps_the_time(hotline):
    call, _, task = hotline.call()
    await until(lambda: waiting(hotline) == {"technical": 1})
    hotline.now += 40.0
    hotline.emergencies.take(SENT)
    await until(lambda: waiting(hotline) == {"general": 1})
    last = call.journal.of(Queued)[-1]
    assert (last.queue, last.why, last.since) == ("general", "emergency", MOMENT)
    assert not task.done()


async def test_who_was_sent_there_can_be_sent_back_when_the_other_queue_must_close(hotline):
    call, _, task = hotline.call()
    await until(lambda: waiting(hotline) == {"technical": 1})
    hotline.emergencies.take(SENT)
    await until(lambda: waiting(hotline) == {"general": 1})
    hotline.emergencies.end("technical", "Ольга")
    hotline.emergencies.take(Measure("general", SENT.until, "Ольга", "потоп", MOMENT, to="technical"))
    await until(lambda: waiting(hotline) == {"technical": 1})
    assert [each.queue for each in call.journal.of(Queued)] == ["technical", "general", "technical"]
    assert not task.done()


async def test_who_waits_in_a_queue_that_is_closed_goes_its_way_out_though_somebody_is_on_duty(hotline):
    hotline.operator("anna")
    _, first, talking = hotline.call()
    ring = await first.phone()
    ring.pick_up()
    call, _, task = hotline.call(a_call(hotline.clock, call_id="c2"))
    await until(lambda: waiting(hotline) == {"technical": 1})
    hotline.emergencies.take(FIRE)
    assert await asyncio.wait_for(task, 10) is QueueResult.CLOSED
    assert call.journal.words()[-1] == "QueueLeft closed"
    assert not talking.done(), "a conversation goes on"
