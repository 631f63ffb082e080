"""A flow asks a system that outside.yaml allows, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ivr.around import SystemFailed
from ivr.flow.checks import examine
from ivr.flow.outside import System
from ivr.session import Session
from tests.unit.scripted import ScriptedCaller, Walked, begin
from tests.unit.small import service, written

OUTSIDE = """
systems:
  crm: {url: https://crm.example/ivr, secret: CRM_SECRET, wait: 2s}
"""
NODES = """
ask: {http: crm, send: [region, caller], keep: {tier: level}, then: tier, failed: sorry}
tier: {branch: attribute, attribute: tier, when: {gold: operator}, otherwise: sorry}
sorry: {play: welcome, then: operator}
"""


@dataclass
class Systems:
    """Answers, or fails."""

    answer: Mapping[str, str] | None
    asked: list[tuple[System, Mapping[str, str]]] = field(default_factory=list)

    async def ask(self, system: System, told: Mapping[str, str]) -> Mapping[str, str]:
        self.asked.append((system, told))
        if self.answer is None:
            raise SystemFailed(system.name)
        return self.answer


async def asking(folder: Path, systems: Systems) -> Walked:
    config = service(folder, NODES, files=OUTSIDE)
    walked = begin(config, ScriptedCaller(), folder)
    walked.call.systems = systems
    await Session(config).run(walked.call)
    return walked


async def test_its_answer_is_noted(tmp_path: Path) -> None:
    systems = Systems({"level": "gold", "name": "Anna"})
    walked = await asking(tmp_path, systems)
    assert walked.path == ["main.ask", "main.tier", "main.operator", "main.bye"]
    assert walked.call.state.attributes == {"tier": "gold"}
    ((system, told),) = systems.asked
    assert (system.url, system.secret, system.wait) == ("https://crm.example/ivr", "CRM_SECRET", 2.0)
    assert told == {"region": "moscow", "caller": "+79160000000"}


async def test_a_failure_has_its_own_way_on(tmp_path: Path) -> None:
    walked = await asking(tmp_path, Systems(None))
    assert walked.path == ["main.ask", "main.sorry", "main.operator", "main.bye"]


@pytest.mark.parametrize(
    ("outside", "reason"),
    [
        ("systems: {erp: {url: https://erp.example/ivr, secret: ERP}}", "does not stand in outside.yaml"),
        ("systems: {crm: {url: http://crm.example/ivr, secret: CRM}}", "no safe address"),
        ("systems: {crm: {url: https://crm.example/ivr?key=1, secret: CRM}}", "a host and a path alone"),
        ("systems: {crm: {url: https://crm.example/ivr, secret: CRM, wait: 60s}}", "outside.yaml:1:"),
        ("numbers: {fire: +7 101}", "no telephone number"),
        ("", "does not stand in outside.yaml"),
    ],
)
def test_what_is_not_allowed_does_not_go_live(tmp_path: Path, outside: str, reason: str) -> None:
    found, problems = examine(written(tmp_path / "config", NODES, files=outside))
    assert found is None
    assert any(reason in str(problem) for problem in problems), problems
