"""Whether a service that can be read makes sense: every fault with its place and its mend. One rule a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ivr.flow import target
from ivr.flow.graph import circles, leads, line_starts, next_places, node_at, reachable
from ivr.flow.outside import OUTSIDE
from ivr.flow.problem import Problem, Problems, did_you_mean
from ivr.flow.prompt_texts import PromptTexts, read_prompt_texts
from ivr.flow.service import PROMPTS, QUEUES, REGIONS, Flow, Line, Service, load
from ivr.flow.target import Place
from ivr.speech import Language
from routing.strategies import STRATEGIES

COMFORTABLE, MOST_OPTIONS = 5, 7
"""Options of a menu: more than the first is warned of, more than the second refused (0 not counted)."""

ALWAYS_SAID = "trouble"
"""What the session itself may say on any line."""

Check = Callable[[Service, PromptTexts], Iterable[Problem]]


def examine(folder: Path) -> tuple[Service | None, tuple[Problem, ...]]:
    """The service of a folder and all that is wrong with it, warnings too; None when it must not go live."""
    try:
        service = load(folder)
    except Problems as error:
        return None, error.problems
    problems = tuple(sorted(check(service, read_prompt_texts(folder / PROMPTS))))
    sound = all(problem.severity != "error" for problem in problems)
    return (service if sound else None), problems


def check(service: Service, prompts: PromptTexts) -> list[Problem]:
    """Every fault of the service."""
    return list(dict.fromkeys(problem for rule in CHECKS for problem in rule(service, prompts)))


def _lines(service: Service) -> Iterator[tuple[tuple[str, ...], Line]]:
    for name, line in service.lines.items():
        yield ("lines", name), line
    yield ("unknown",), service.unknown


def lines_are_whole(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """A line's flows exist, and its region has a name in each of its languages."""
    source = service.sources[REGIONS]
    for path, line in _lines(service):
        for key, flow in (("flow", line.flow), ("closed", line.closed)):
            if flow is not None and flow not in service.flows:
                yield source.problem((*path, key), "there is no such flow", did_you_mean(flow, service.flows))
        for language in line.languages:
            if language not in line.names:
                yield source.problem((*path, "names"), f"no name in {language!r}", f"add '{language}: …'")


def beginnings(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """A flow's start and rescue exist."""
    for flow in service.flows.values():
        for key, name in (("start", flow.start), ("rescue", flow.rescue)):
            if name not in flow.nodes:
                yield flow.source.problem((key,), "there is no such node", did_you_mean(name, flow.nodes))


def edges_lead_somewhere(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """Every edge leads to a node, a flow or a line that exists."""
    for flow in service.flows.values():
        for name, node in flow.nodes.items():
            places = node.places()
            for outcome, to in node.edges().items():
                kind, word, known = _named(service, flow, to)
                if word and word not in known:
                    path = ("nodes", name, *places.get(outcome, (outcome,)))
                    yield flow.source.problem(path, f"there is no such {kind}", did_you_mean(word, known))


def _named(service: Service, flow: Flow, to: str) -> tuple[str, str, Iterable[str]]:
    if to.startswith((target.FLOW, target.CALL)):
        return "flow", to.partition(":")[2], service.flows
    if to.startswith(target.LINE):
        return "line", to.removeprefix(target.LINE), service.lines
    return "node", to if target.is_node(to) else "", flow.nodes


def nothing_is_unreachable(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """Every node can be come to, and every flow answers some line."""
    begin = [place for _, line in _lines(service) for place in line_starts(service, line)]
    entered = reachable(begin, lambda place: [*next_places(service, place), *leads(service, place, target.RESCUE)])
    for flow in service.flows.values():
        if not any(place.flow == flow.name for place in entered):
            mend = "name it in regions.yaml or in another flow, or take the file out"
            yield flow.source.problem(("flow",), "nothing leads to this flow", mend, severity="warning")
            continue
        for name in flow.nodes:
            if Place(flow.name, name) not in entered:
                mend = "lead an edge here, or take the node out"
                yield flow.source.problem(("nodes", name), "no call can come to this node", mend, key=True)


def menus_are_humane(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """A menu has 0, which reaches a person, and no more options than can be kept in mind."""
    for flow in service.flows.values():
        for name, node in flow.nodes.items():
            if node.kind == "menu":
                yield from _menu(service, flow, name)


def _menu(service: Service, flow: Flow, name: str) -> Iterator[Problem]:
    node, path = flow.nodes[name], ("nodes", name)
    offered: dict[str, str] = getattr(node, "keys", {})
    edges = node.edges()
    if "0" not in edges and not getattr(node, "without_operator", False):
        mend = "add '0: operator', or 'without-operator: yes' if it is meant so"
        yield flow.source.problem((*path, "keys"), "this menu has no 0: nobody can reach a person", mend, key=True)
    if "0" in edges and edges["0"] in flow.nodes and not _reaches_a_person(service, Place(flow.name, edges["0"])):
        mend = "lead 0 to a queue, or to a voice message"
        yield flow.source.problem((*path, *node.places()["0"]), "0 leads to nobody", mend)
    options = len([key for key in offered if key != "0"])
    if options > COMFORTABLE:
        severity = "error" if options > MOST_OPTIONS else "warning"
        reason = f"{options} options: more than {COMFORTABLE} are hard to keep in mind, {MOST_OPTIONS} are the most"
        yield flow.source.problem((*path, "keys"), reason, "split the menu in two", key=True, severity=severity)


def _reaches_a_person(service: Service, place: Place) -> bool:
    places = reachable([place], lambda here: next_places(service, here))
    return any(node.waits for here in places if (node := node_at(service, here)))


def rescue_reaches_a_person(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """Where a call goes when anything fails there is a person, or a voice message."""
    for flow in service.flows.values():
        if flow.rescue in flow.nodes and not _reaches_a_person(service, Place(flow.name, flow.rescue)):
            mend = "name a queue's node, or a voice message's"
            yield flow.source.problem(("rescue",), "this node leads to nobody", mend)


def silence_comes_to_an_end(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """No circle of nodes can be walked without the caller doing anything."""

    def onward(place: Place) -> list[Place]:
        return next_places(service, place, silent=True)

    every = [Place(flow.name, name) for flow in service.flows.values() for name in flow.nodes]
    for circle in circles(every, onward):
        first = min(circle)
        way = " -> ".join(f"{place.flow}.{place.node}" for place in (*circle, circle[0]))
        mend = "lead one of these to a queue, a voice message or a goodbye"
        source = service.flows[first.flow].source
        reason = f"a caller who does nothing goes round for ever: {way}"
        yield source.problem(("nodes", first.node), reason, mend, key=True)


def queues_exist(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """Every queue that a node names is in queues.yaml."""
    for flow in service.flows.values():
        for name, node in flow.nodes.items():
            for queue in node.queues():
                if queue not in service.queues:
                    mend = did_you_mean(queue, service.queues)
                    yield flow.source.problem(("nodes", name, "queue"), "there is no such queue in queues.yaml", mend)


def the_outside_is_allowed(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """Every system that a node asks, and every number that it calls, stands in outside.yaml."""
    for flow in service.flows.values():
        for name, node in flow.nodes.items():
            for known, asked in ((service.outside.systems, node.systems()), (service.outside.numbers, node.numbers())):
                for word in asked:
                    if word not in known:
                        mend = did_you_mean(word, known) if known else f"add it to {OUTSIDE}"
                        reason = f"{word!r} does not stand in {OUTSIDE}"
                        yield flow.source.problem(("nodes", name, node.kind), reason, mend)


def prompts_exist(service: Service, prompts: PromptTexts) -> Iterator[Problem]:
    """Every prompt exists, with the right slots, in every language of the lines that can come to it."""
    names = {name for _, name in prompts}
    for (place, language), line in sorted(_heard(service).items()):
        flow, node = service.flows[place.flow], node_at(service, place)
        for name, slots in {**node.prompts(), ALWAYS_SAID: ()}.items() if node else ():
            path = ("nodes", place.node, _named_by(node, name))
            if (language, name) not in prompts:
                mend = f"write {PROMPTS}/{language}/{name}.txt"
                mend += "" if name in names else f"; {did_you_mean(name, names)}"
                yield flow.source.problem(path, f"no prompt {name!r} in {language!r} (line {line!r})", mend)
            elif prompts[language, name] != set(slots):
                given = ", ".join(f"{{{slot}}}" for slot in slots) or "no slot"
                mend = f"use {given} in {PROMPTS}/{language}/{name}.txt"
                yield flow.source.problem(path, f"the prompt {name!r} in {language!r} has other slots", mend)


def _named_by(node: object, prompt: str) -> str:
    """The node's key that names the prompt; "" (the node itself) when the type does."""
    kind = str(getattr(node, "kind", ""))
    return kind if getattr(node, kind.replace("-", "_"), None) == prompt else ""


def _heard(service: Service) -> dict[tuple[Place, Language], str]:
    """Place and language -> the first line whose callers may hear it."""
    heard: dict[tuple[Place, Language], str] = {}
    for _, line in _lines(service):
        places = reachable(
            line_starts(service, line),
            lambda place: [*next_places(service, place, lines=False), *leads(service, place, target.RESCUE)],
        )
        nodes = [node for place in places if (node := node_at(service, place))]
        languages = {*line.languages, *(language for node in nodes for language in node.languages())}
        for place in places:
            for language in languages:
                heard.setdefault((place, language), line.name)
    return heard


def strategies_exist(service: Service, _: PromptTexts) -> Iterator[Problem]:
    """A queue's strategy is one that the routing has."""
    for name, queue in service.queues.items():
        if queue.strategy not in STRATEGIES:
            mend = did_you_mean(queue.strategy, STRATEGIES)
            path = ("queues", name, "strategy")
            yield service.sources[QUEUES].problem(path, f"there is no strategy {queue.strategy!r}", mend)


CHECKS: tuple[Check, ...] = (
    lines_are_whole,
    beginnings,
    edges_lead_somewhere,
    nothing_is_unreachable,
    menus_are_humane,
    rescue_reaches_a_person,
    silence_comes_to_an_end,
    queues_exist,
    strategies_exist,
    the_outside_is_allowed,
    prompts_exist,
)
"""Every rule."""
