"""Flows at random, as an admin might write them: many of them broken, many sound."""

from __future__ import annotations

from pathlib import Path
from random import Random

KINDS = (
    "{play: welcome, then: %s}",
    "{play: out-of-hours, then: %s}",
    "{choose-language: line, then: %s}",
    "{choose-language: [ru, en], again: yes, then: %s, operator: %s}",
    "{menu: main, keys: {1: %s, 0: operator}, otherwise: %s}",
    "{menu: main, keys: {1: %s, 2: %s, 3: %s, 0: %s}, attempts: 1, otherwise: %s}",
    "{menu: main, keys: {4: %s}, also: {5: %s}, otherwise: %s, without-operator: yes}",
    "{collect: snils, then: %s}",
    "{collect: snils, optional: yes, then: %s, skipped: %s, failed: %s, operator: %s}",
    "{collect: ticket-number, found: %s, not-found: %s, failed: %s}",
    "{collect: ticket-number, found: %s, not-found: %s, lookup-failed: %s, failed: %s, operator: %s}",
    "{tell-status: asked, then: %s}",
    "{tell-ticket: this-call, then: %s}",
    "{queue: general, then: %s, otherwise: %s}",
    "{queue: general, otherwise: %s}",
    "{queue: general}",
    "{queue: day, then: %s, otherwise: %s, closed: %s}",
    "{queue: day, otherwise: %s}",
    "{branch: hours, queue: day, when: {open: %s, closed: %s}}",
    "{record-message: leave-message, then: %s, otherwise: %s}",
    "{flow: %f}",
    "{line: other}",
    "{branch: hours, hours: {mon-fri: 09:00-18:00}, when: {open: %s, closed: %s}}",
    "{branch: repeat, when: {first: %s}, otherwise: %s}",
    "{set: {topic: tax}, priority: 10, then: %s}",
    "{sub-flow: %f, returned: {done: %s}, then: %s}",
    "{sub-flow: %f, then: %s}",
    "{return: done}",
    "{survey: rate-call, unhappy: %s, then: %s}",
    "{tell-wait: general, then: %s}",
    "{callback: general, windows: [09:00-12:00], then: %s, declined: %s}",
    "{goodbye: goodbye}",
)
"""Forms of nodes; ``%s`` is another node, ``%f`` another flow."""

FORWARD = 0.93
"""How often an edge leads to a later node: less, and hardly any flow is sound."""

MISTAKEN = 0.01
"""How often a name is one that there is not."""

OPERATORS = (
    *["{queue: general, then: bye, otherwise: message}"] * 5,
    "{queue: day, then: bye, otherwise: message}",
    *["{queue: day, then: bye, otherwise: bye}"] * 2,
    "{queue: day, then: bye, otherwise: bye, closed: message}",
    "{queue: general}",
)
"""Forms of the rescue."""

HOURS = (
    "time-zone: Europe/Moscow, hours: {mon-fri: 09:00-18:00, holidays: closed}",
    "time-zone: Asia/Vladivostok, hours: {daily: 20:00-03:00}",
    "time-zone: Europe/Moscow, hours: {daily: closed}",
    "hours: 24/7",
)
"""Of queues."""

LINE = "names: {ru: Р, en: R, tt: T}, time-zone: Europe/Moscow, languages: [ru, en, tt]"


def generate(folder: Path, random: Random) -> None:
    """Write a service of two lines and one to three flows into ``folder``."""
    (folder / "dialplans").mkdir(exist_ok=True)
    for path in (folder / "dialplans").iterdir():
        path.unlink()
    flows = [f"flow-{number}" for number in range(random.randint(1, 3))]
    for number, flow in enumerate(flows):
        later = flows[number + 1 :]
        (folder / f"dialplans/{flow}.yaml").write_text(_flow(flow, later or flows, random, ends=not later), "utf-8")
    lines = [
        f"{{numbers: [+7 800 555-35-3{number}], region: r, hours: {hours}, {LINE}, flow: {flow}, closed: {flows[-1]}}}"
        for number, hours, flow in ((5, "24/7", flows[0]), (6, "{mon-fri: 09:00-21:00}", flows[-1]))
    ]
    unknown = f"{{region: r, hours: 24/7, {LINE}, flow: {flows[0]}}}"
    (folder / "regions.yaml").write_text(
        f"lines:\n  one: {lines[0]}\n  other: {lines[1]}\nunknown: {unknown}\n", "utf-8"
    )
    overflow = random.choice(("", ", overflow: general", ", overflow: late, overflow-after: 5m"))
    day, late = random.choice(HOURS), random.choice(HOURS)
    queues = f"{{general: {{}}, day: {{{day}{overflow}}}, late: {{{late}}}}}"
    (folder / "queues.yaml").write_text(f"queues: {queues}\n")


def _flow(flow: str, others: list[str], random: Random, *, ends: bool) -> str:
    names = [*(f"n{number}" for number in range(random.randint(1, 9))), "operator", "message", "bye"]
    kinds = [kind for kind in KINDS if not ends or not kind.startswith(("{flow", "{line"))]
    nodes = {name: _node(names, number, random.choice(kinds), others, random) for number, name in enumerate(names[:-3])}
    nodes["operator"] = random.choice(OPERATORS)
    nodes |= {"message": "{record-message: leave-message, then: bye}", "bye": "{goodbye: goodbye}"}
    # what no call can come to is taken out, or hardly any flow would be sound
    used = {names[0], "operator", "message", "bye"}
    written = "".join(f"  {name}: {form}\n" for name, form in nodes.items() if name in _reached(nodes, used))
    steps = f"steps: {random.choice([4, 12, 30])}\n" if random.random() < 0.3 else ""
    start, rescue = ("nowhere" if random.random() < MISTAKEN else name for name in (names[0], "operator"))
    return f"dialplan: 1\nflow: {flow}\n{steps}start: {start}\nrescue: {rescue}\nnodes:\n{written}"


def _node(names: list[str], number: int, form: str, others: list[str], random: Random) -> str:
    if random.random() < MISTAKEN:
        form = form.replace("%s", "nowhere", 1).replace("%f", "nowhere").replace("general", "nowhere")
    while "%s" in form:
        after = random.random() < FORWARD
        form = form.replace("%s", random.choice(names[number + 1 :] if after else names), 1)
    return form.replace("%f", random.choice(others))


def _reached(nodes: dict[str, str], begin: set[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(begin)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            words = nodes[name].replace("{", " ").replace("}", " ").replace(",", " ").split()
            todo += [word for word in words if word in nodes]
    return seen
