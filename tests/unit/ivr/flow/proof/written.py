"""A small service as an admin would write it, and what the checks say of it."""

from __future__ import annotations

from pathlib import Path

from ivr.flow.checks import check
from ivr.flow.problem import Problem
from ivr.flow.prompt_texts import PromptText, PromptTexts
from ivr.flow.proof.heard import ALWAYS_SAID
from ivr.flow.service import Service, load

AT = 1_795_000_000.0
"""Wednesday, 2026-11-18 11:06:40 UTC."""

LINE = """
    region: r
    names: {ru: Р, en: R}
    time-zone: %(zone)s
    languages: [ru, en]
    hours: %(hours)s
    flow: main
    %(closed)s
"""

OPERATOR = "  operator: {queue: general, otherwise: message}\n"
MESSAGE = "  message: {record-message: leave-message, then: bye}\n  bye: {goodbye: goodbye}\n"


def written(folder: Path, nodes: str, *, hours: str = "24/7", zone: str = "Europe/Moscow", **flows: str) -> Service:
    """A service of one line: the flow ``main`` begins at its node ``start``; ``flows``: other flows, ``closed`` too.

    Each has the nodes ``operator``, ``message`` and ``bye`` besides. ``steps: 3`` and the like go before the nodes.
    """
    (folder / "dialplans").mkdir(parents=True, exist_ok=True)
    (folder / "queues.yaml").write_text("queues: {general: {}}\n")
    line = LINE % {"hours": hours, "zone": zone, "closed": "closed: closed" if "closed" in flows else ""}
    unknown = line.replace("\n    ", "\n  ")
    (folder / "regions.yaml").write_text(f"lines:\n  one:\n    numbers: [+7 800 555-35-38]{line}unknown:{unknown}")
    for name, text in {"main": nodes, **flows}.items():
        first, _, rest = text.partition("\n") if text.startswith("steps") else ("", "", text)
        head = f"dialplan: 1\nflow: {name}\nstart: start\nrescue: operator\n{first}\nnodes:\n"
        (folder / f"dialplans/{name}.yaml").write_text(f"{head}{rest}\n{OPERATOR}{MESSAGE}", "utf-8")
    return load(folder)


def texts(service: Service, **words: str) -> PromptTexts:
    """Every prompt that the service says, in its words or as its own name."""
    slots = {
        name: frozenset(slots)
        for flow in service.flows.values()
        for node in flow.nodes.values()
        for name, slots in {**node.prompts(), ALWAYS_SAID: ()}.items()
    }
    return {
        (language, name): PromptText(words.get(name, f"{name} {language}"), named, 2.0)
        for language in ("ru", "en")
        for name, named in slots.items()
    }


def faults(service: Service, prompts: PromptTexts | None = None, severity: str = "error") -> list[Problem]:
    """What is wrong with it."""
    found = check(service, texts(service) if prompts is None else prompts, AT)
    return [problem for problem in found if problem.severity == severity]
