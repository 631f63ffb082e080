"""The hotline that is measured: one line, one flow, sounds as short as they may be."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.e2e import hearing
from tests.e2e.hotline import PROJECT

NUMBER = "88005553535"
ASK, GOODBYE = 1.0, 0.2
"""Seconds of sound: keys interrupt the one, the other is heard to its end."""

REGIONS = """lines:
  bench:
    numbers: [+7 800 555-35-35]
    region: bench
    names: {ru: Проба}
    time-zone: Europe/Moscow
    languages: [ru]
    hours: 24/7
    flow: bench
unknown:
  region: unknown
  names: {ru: Неизвестный номер}
  time-zone: Europe/Moscow
  languages: [ru]
  hours: 24/7
  flow: bench
"""
QUEUES = "queues:\n  general: {ring: 20s, wrap-up: 0s}\n"
FLOW = """dialplan: 1
flow: bench
start: menu
rescue: operator
nodes:
  menu: {menu: main, keys: {1: snils, 0: operator}, otherwise: operator}
  snils: {collect: snils, then: goodbye}
  operator: {queue: general, needs: {language: caller}, max-wait: 25m, record: no, then: goodbye, otherwise: goodbye}
  goodbye: {goodbye: goodbye}
"""


def write(folder: Path) -> tuple[Path, Path]:
    """The configuration's folder; the sounds that ask and say goodbye, without ending, for other dialplans."""
    (folder / "dialplans").mkdir(parents=True)
    (folder / "regions.yaml").write_text(REGIONS)
    (folder / "queues.yaml").write_text(QUEUES)
    (folder / "dialplans/bench.yaml").write_text(FLOW)
    prompts = folder / "recordings/prompts/ru"
    shutil.copytree(PROJECT / "recordings/prompts/ru", prompts)
    for name in ("main", "snils-ask", "please-hold"):
        hearing.write(prompts / f"{name}.wav", hearing.tone(440, ASK))
    hearing.write(prompts / "goodbye.wav", hearing.tone(660, GOODBYE))
    return prompts / "main", prompts / "goodbye"
