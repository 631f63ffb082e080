"""Prompts: missing ones with the call that would hear silence, idle ones, long ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ivr.flow.problem import Problem
from ivr.flow.prompt_texts import PromptText, read_prompt_texts
from tests.unit.ivr.flow.proof.written import faults, texts, written

NODES = """
  start: {play: hello, then: main}
  main: {menu: m, keys: {1: operator, 0: operator}, otherwise: last}
  last: {play: last, then: operator}
"""


def test_a_missing_prompt_is_shown_by_a_call(tmp_path: Path) -> None:
    service = written(tmp_path, NODES)
    prompts = {key: text for key, text in texts(service).items() if key != ("en", "last")}
    (fault,) = faults(service, prompts)
    assert (fault.reason, fault.text) == ("no prompt 'last' in 'en' (line 'one')", "last")
    assert fault.call == (
        'calls +7 800 555-35-38, in \'en\'; hears "hello en"; hears "m en"; presses nothing three times; '
        "hears nothing ('last' is missing in 'en')"
    )


def test_a_prompt_that_no_flow_says(tmp_path: Path) -> None:
    service = written(tmp_path, NODES)
    names = ("idle", "snils-ask", "transferring")  # the others come with an identifier and with a node type
    idle = {("ru", name): PromptText("x", frozenset(), 1.0) for name in names}
    found = _beside_the_roster(faults(service, {**texts(service), **idle}, "warning"))
    assert [(fault.file, fault.reason) for fault in found] == [
        ("recordings/prompts/ru/idle.txt", "no flow says the prompt 'idle'")
    ]


def test_long_menus_and_greetings(tmp_path: Path) -> None:
    service = written(tmp_path, NODES)
    prompts = dict(texts(service))
    for name, seconds in (("hello", 8.4), ("m", 20.6), ("last", 60.0)):
        prompts["en", name] = replace(prompts["en", name], seconds=seconds)
    found = _beside_the_roster(faults(service, prompts, "warning"))
    assert [(fault.text, fault.reason.partition(":")[0]) for fault in found] == [
        ("m", "this menu lasts 21 s in 'en'"),
        ("hello", "this greeting lasts 8 s in 'en'"),
    ]


def test_a_text_is_estimated_and_a_recording_measured(tmp_path: Path, recorded: Path) -> None:
    (tmp_path / "ru").mkdir()
    (tmp_path / "ru/long.txt").write_text("а" * 130 + " {number}", "utf-8")
    (tmp_path / "ru/said.txt").write_text("а" * 130, "utf-8")
    (tmp_path / "ru/said.wav").write_bytes(recorded.read_bytes())
    (tmp_path / "ru/broken.txt").write_text("а" * 13, "utf-8")
    (tmp_path / "ru/broken.wav").write_bytes(b"RIFF")
    known = read_prompt_texts(tmp_path)
    assert [known["ru", name].seconds for name in ("long", "said", "broken")] == [10.0, 2.5, 1.0]
    assert known["ru", "long"].slots == {"number"}


def _beside_the_roster(found: list[Problem]) -> list[Problem]:
    return [fault for fault in found if fault.file != "operators.yaml"]
