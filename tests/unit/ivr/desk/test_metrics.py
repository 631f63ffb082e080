import asyncio

from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from ivr.calllog.events import OfferFailed, Started
from ivr.desk.health import Check, Verdict, readiness
from ivr.desk.metrics import CountingJournal, Figures
from ivr.messages import Message

from .conftest import call


class Kept:
    def __init__(self):
        self.entries = []

    def append(self, *entry):
        self.entries.append(entry)


async def _scrape(rig, **headers):
    _, _, response = await rig.ask("GET", "/metrics", None, headers=headers)
    return response, await response.text()


async def test_figures_of_calls_offers_queues_and_operators(rig, figures):
    journal = CountingJournal(kept := Kept(), figures)
    events = call()
    events.insert(5, OfferFailed(at=events[4].at, operator="boris", why="no-answer"))
    for seq, event in enumerate(events, 1):
        journal.append("c1", seq, event)
    journal.append("c2", 1, events[0])
    assert len(kept.entries) == len(events) + 1
    response, text = await _scrape(rig)
    assert response.headers["Content-Type"].startswith("text/plain")
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["kommutator_calls_started_total", "moscow"] == 2
    assert samples["kommutator_calls_ended_total", "answered"] == 1
    assert samples["kommutator_calls_in_progress",] == 1
    assert samples["kommutator_offers_total", "no-answer"] == samples["kommutator_offers_total", "answered"] == 1
    assert samples["kommutator_wait_seconds_sum", "answered", "technical"] == 6
    assert samples["kommutator_waiting", "technical"] == 0
    assert samples["kommutator_operators", "ready"] == 0
    assert samples["kommutator_asterisk_connected",] == samples["kommutator_spool_healthy",] == 1
    assert isinstance(events[0], Started) and events[0].caller[1:] not in text


async def test_how_fast_the_engine_reacts_can_be_read_from_the_buckets(rig, figures):
    for seconds in (0.0004, 0.002, 0.0021, 7.0):
        figures.key_to_prompt.observe(seconds)
    _, text = await _scrape(rig)
    family = next(f for f in text_string_to_metric_families(text) if f.name == "kommutator_key_to_prompt_seconds")
    assert family.type == "histogram"
    values = {sample.labels.get("le", sample.name): sample.value for sample in family.samples}
    assert [values[end] for end in ("0.001", "0.002", "0.005", "2.0", "+Inf")] == [1, 2, 3, 3, 4]
    assert values["kommutator_key_to_prompt_seconds_sum"] == 7.0045
    assert values["kommutator_key_to_prompt_seconds_count"] == 4


async def test_openmetrics_for_those_who_ask(rig):
    response, text = await _scrape(rig, Accept="application/openmetrics-text; version=1.0.0")
    assert response.headers["Content-Type"].startswith("application/openmetrics-text")
    assert text.endswith("# EOF\n")


async def test_readyz_says_in_words_what_does_not_hold(rig):
    assert (await rig.get("/readyz", None))["ready"]
    rig.engine.spool_words = Verdict(ok=False, words="the disk is full: free some space")
    status, answer, _ = await rig.ask("GET", "/readyz", None)
    assert (status, answer["ready"]) == (503, False)
    assert answer["checks"] == [
        {"name": "spool", "ok": False, "words": "the disk is full: free some space", "vital": True}
    ]
    assert (await rig.get("/healthz", None)) == {"status": "alive"}


async def test_a_condition_that_is_not_vital_is_told_but_keeps_no_caller_away():
    async def kept() -> Verdict:
        return Verdict(ok=False, words=Message("configuration-broken", first="main.yaml:3:7: no"))

    answer = await readiness([Check("configuration", kept, vital=False)], "ru")
    assert answer.ready
    assert not answer.checks[0].ok
    assert answer.checks[0].words == "в файлах ошибка, действует последняя исправная версия: main.yaml:3:7: no"


async def test_a_probe_that_hangs_or_breaks_is_a_condition_that_does_not_hold(monkeypatch):
    monkeypatch.setattr("ivr.desk.health.PROBE_SECONDS", 0.01)

    async def hangs():
        await asyncio.Event().wait()

    async def breaks():
        raise RuntimeError("secret")

    answer = await readiness([Check("database", hangs), Check("asterisk", breaks)], "en")
    assert not answer.ready
    assert [each.ok for each in answer.checks] == [False, False]
    assert "secret" not in answer.model_dump_json()


def test_two_hotlines_in_one_process_do_not_share_figures():
    first, second = Figures(CollectorRegistry()), Figures(CollectorRegistry())
    first.take("c1", call()[0])
    assert (first.calls, second.calls) == (1, 0)
