"""Who waits is told of in words: what a change means for their place, in both languages."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.calllog.state import CallState
from ivr.channel import QueueRequest
from ivr.cli import app, diff
from ivr.desk.preview import Preview, _call
from ivr.flow.service import Service, load
from ivr.golive.content import read_content
from ivr.golive.diff import Difference
from ivr.golive.fate import Fate, Outcome, fate
from ivr.golive.standing import Foreseen
from ivr.golive.versions import Versions
from ivr.golive.waits import call_by_call, whoever
from tests.unit.small import written

assert diff  # a command joins by being imported
NODES = "docs: {queue: documents, needs: {documents: 2}, then: bye, otherwise: operator}"


def service(folder: Path, nodes: str, without: str = "") -> Service:
    made = load(written(folder, nodes))
    kept = {name: queue for name, queue in made.queues.items() if name != without}
    return replace(made, queues={name: replace(queue, overflow=None) for name, queue in kept.items()})


def static(tmp_path: Path, nodes: str, without: str = "") -> list[str]:
    old, new = service(tmp_path / "old", NODES), service(tmp_path / "new", nodes, without)
    return [each.words("en") for each in whoever(old, new)]


def test_without_a_hotline_it_is_said_how_whoever_waits_would_be_treated(tmp_path: Path) -> None:
    assert static(tmp_path / "1", NODES) == []
    (words,) = static(tmp_path / "2", NODES.replace("documents: 2", "documents: 1"))
    assert words.startswith("Whoever waits at main.docs (queue documents) keeps place and time; the new terms")
    (words,) = static(tmp_path / "3", NODES.replace("queue: documents", "queue: account"), "documents")
    assert words.endswith("goes over to the queue account with their time.")
    (words,) = static(tmp_path / "4", "hi: {queue: account, then: bye, otherwise: operator}", "documents")
    assert "main.docs (queue documents) leaves the queue and goes on at main.operator" in words


def answered(outcome: Outcome, *, to: str = "", queue: str = "technical", **needs: int) -> dict[str, object]:
    """A waiting call as the API tells of it."""
    state = CallState("1", ticket=10000005, flow="main", node="to-technical", queued_since=1.795e9)
    foreseen = Foreseen(state, "technical", Fate(outcome, QueueRequest(queue, needs, max_wait=900.0), to))
    return _call(foreseen).model_dump(mode="json")


@pytest.mark.parametrize(
    ("call", "ru", "en"),
    [
        (answered(Outcome.KEPT), "место сохраняется, ничего не меняется", "keeps its place, nothing changes"),
        (answered(Outcome.CHANGED, technical=1), "ищется: technical 1; ждать", "looked for from now on: technical 1;"),
        (answered(Outcome.CHANGED), "теперь ищется: любой оператор", "from now on: any operator; longest wait 900 s"),
        (answered(Outcome.MOVED, queue="general"), "переходит в очередь general", "goes over to the queue general"),
        (answered(Outcome.LEAVES, to="main.nobody"), "идёт дальше в main.nobody", "goes on at main.nobody"),
        (answered(Outcome.LEAVES, to="(end)"), "идёт дальше в конец звонка", "goes on at the end of the call"),
    ],
)
def test_each_waiting_call_is_told_of(call: dict[str, object], ru: str, en: str) -> None:
    (told,) = call_by_call([call])
    assert "10000005" in told.words("ru") and ru in told.words("ru")
    assert "10000005" in told.words("en") and en in told.words("en")


def test_a_version_that_does_not_pass_changes_nobodys_wait() -> None:
    assert "ничего не меняется" in Difference("calls-refused").words("ru")
    assert Preview("", (), []).waiting == []


def test_the_command_says_it_without_a_hotline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = written(tmp_path / "old", NODES)
    new = written(tmp_path / "new", NODES.replace("documents: 2", "documents: 1"))
    Versions(tmp_path / "state", lambda: 1.0).went_live("0a", read_content(old), "anna", "")
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("IVR_CONFIG", str(new))
    said = CliRunner().invoke(app, ["diff", "--language", "ru"]).output
    assert "Кто ждёт в узле main.docs (очередь documents): место и время сохраняются" in said
    told = json.loads(CliRunner().invoke(app, ["diff", "--format", "json"]).output)
    assert told[-1]["kind"] == "waiting-re-evaluated"


def overflowing(folder: Path, nodes: str, queues: str) -> Service:
    config = written(folder, nodes)
    (config / "queues.yaml").write_text(f"queues: {{general: {{}}, {queues}}}\n", "utf-8")
    return load(config)


def waits(queue: str, own: Service, new: Service) -> Fate:
    """Of a call of the node ``docs`` that waits in this queue, its own or one that it overflowed to."""
    state = CallState("1", flow="main", node="docs", language="ru")
    asked = own.flows["main"].nodes["docs"].asks(state, own.queues, record=True)
    assert asked is not None
    return fate(state, replace(asked, queue=queue, hold=""), own, new)


def test_who_overflowed_stays_where_they_wait_and_takes_the_nodes_new_terms(tmp_path: Path) -> None:
    own = overflowing(tmp_path / "own", NODES, "documents: {overflow: general}")
    assert waits("general", own, own).outcome is Outcome.KEPT
    new = overflowing(tmp_path / "new", NODES.replace("documents: 2", "documents: 1"), "documents: {overflow: general}")
    found = waits("general", own, new)
    assert (found.outcome, found.request.queue, found.request.needs["documents"]) == (Outcome.CHANGED, "general", 1)


def test_who_waits_in_a_queue_that_is_gone_goes_where_it_overflowed_to(tmp_path: Path) -> None:
    own = overflowing(tmp_path / "own", NODES, "documents: {overflow: late}, late: {overflow: general}")
    new = overflowing(tmp_path / "new", "hi: {queue: general, then: bye, otherwise: operator}", "other: {}")
    found = waits("documents", own, new)
    assert (found.outcome, found.request.queue) == (Outcome.MOVED, "general")


def test_who_overflowed_to_a_queue_that_is_gone_goes_back_to_the_nodes_own(tmp_path: Path) -> None:
    own = overflowing(tmp_path / "own", NODES, "documents: {overflow: late}, late: {}")
    found = waits("late", own, overflowing(tmp_path / "new", NODES, "documents: {}"))
    assert (found.outcome, found.request.queue) == (Outcome.MOVED, "documents")


def test_new_hours_send_nobody_away_who_waits(tmp_path: Path) -> None:
    own = overflowing(tmp_path / "own", NODES, "documents: {}")
    shut = "documents: {time-zone: Europe/Moscow, hours: {daily: closed}}"
    assert waits("documents", own, overflowing(tmp_path / "new", NODES, shut)).outcome is Outcome.KEPT
