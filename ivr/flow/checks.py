"""Whether a service that can be read makes sense: every fault with its place and its mend. One rule a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import time

from ivr.flow import target
from ivr.flow.branch_checks import branches_name_what_there_is
from ivr.flow.outside import OUTSIDE
from ivr.flow.problem import Problem, Problems, did_you_mean
from ivr.flow.prompt_texts import PromptTexts, read_prompt_texts
from ivr.flow.proof.endings import everyone_is_led_out, people_are_near, returns_have_a_caller, sub_flows_return
from ivr.flow.proof.heard import prompts_are_short, prompts_are_used, prompts_exist
from ivr.flow.proof.persons import nought_reaches_a_person, rescue_leads_on, rescue_reaches_a_person
from ivr.flow.proof.staffed import somebody_can_take_every_call
from ivr.flow.proof.subject import Subject, lines
from ivr.flow.queue_checks import (
    overflow_ends,
    overflow_is_waited_for,
    queues_exist,
    shares_are_of_all,
    strategies_exist,
    windows_are_served,
    wrap_up_codes_are_declared,
)
from ivr.flow.section_checks import sections_are_named, sections_exist
from ivr.flow.service import PROMPTS, REGIONS, Flow, Service, load
from ivr.flow.skill_checks import (
    named_operators_are_there,
    nobody_is_kept_for_good,
    roster_fits,
    skills_are_declared,
    skills_are_named,
)
from ivr.flow.target import Place
from ivr.messages import Message

COMFORTABLE, MOST_OPTIONS = 5, 7
"""Options of a menu: more than the first is warned of, more than the second refused (0 not counted)."""

Check = Callable[[Subject], Iterable[Problem]]


def examine(folder: Path, at: float | None = None) -> tuple[Service | None, tuple[Problem, ...]]:
    """The service of a folder and all that is wrong with it, warnings too; None when it must not go live.

    The year that is looked ahead begins ``at`` (seconds since 1970), by default now.
    """
    try:
        service = load(folder)
    except Problems as error:
        return None, error.problems
    problems = tuple(sorted(check(service, read_prompt_texts(folder / PROMPTS), time() if at is None else at)))
    sound = all(problem.severity != "error" for problem in problems)
    return (service if sound else None), problems


def check(service: Service, prompts: PromptTexts, at: float) -> list[Problem]:
    """Every fault of the service in the year from ``at``."""
    subject = Subject(service, prompts, at)
    return list(dict.fromkeys(problem for rule in CHECKS for problem in rule(subject)))


def lines_are_whole(subject: Subject) -> Iterator[Problem]:
    """A line's flows exist, and its region has a name in each of its languages."""
    service = subject.service
    source = service.sources[REGIONS]
    for path, line in lines(service):
        for key, flow in (("flow", line.flow), ("closed", line.closed)):
            if flow is not None and flow not in service.flows:
                yield source.problem((*path, key), Message("no-such-flow"), did_you_mean(flow, service.flows))
        for language in line.languages:
            if language not in line.names:
                reason = Message("no-name-in-language", language=language)
                yield source.problem((*path, "names"), reason, Message("add-key", key=language))


def beginnings(subject: Subject) -> Iterator[Problem]:
    """A flow's start and rescue exist."""
    service = subject.service
    for flow in service.flows.values():
        for key, name in (("start", flow.start), ("rescue", flow.rescue)):
            if name not in flow.nodes:
                yield flow.source.problem((key,), Message("no-such-node"), did_you_mean(name, flow.nodes))


def edges_lead_somewhere(subject: Subject) -> Iterator[Problem]:
    """Every edge leads to a node, a flow or a line that exists."""
    service = subject.service
    for flow in service.flows.values():
        for name, node in flow.nodes.items():
            places = node.places()
            for outcome, to in node.edges().items():
                missing, word, known = _named(service, flow, to)
                if word and word not in known:
                    path = ("nodes", name, *places.get(outcome, (outcome,)))
                    yield flow.source.problem(path, missing, did_you_mean(word, known))


def _named(service: Service, flow: Flow, to: str) -> tuple[Message, str, Iterable[str]]:
    if to.startswith((target.FLOW, target.CALL)):
        return Message("no-such-flow"), to.partition(":")[2], service.flows
    if to.startswith(target.LINE):
        return Message("no-such-line"), to.removeprefix(target.LINE), service.lines
    return Message("no-such-node"), to if target.is_node(to) else "", flow.nodes


def nothing_is_unreachable(subject: Subject) -> Iterator[Problem]:
    """Every node can be come to, and every flow answers some line."""
    service = subject.service
    entered = {state.place for state in subject.ways.states}
    for flow in service.flows.values():
        if not any(place.flow == flow.name for place in entered):
            reason, mend = Message("nothing-leads-to-flow"), Message("lead-to-flow")
            yield flow.source.problem(("flow",), reason, mend, severity="warning")
            continue
        for name in flow.nodes:
            if Place(flow.name, name) not in entered:
                reason, mend = Message("node-unreachable"), Message("lead-to-node")
                yield flow.source.problem(("nodes", name), reason, mend, key=True)


def menus_are_humane(subject: Subject) -> Iterator[Problem]:
    """A menu has no more options than can be kept in mind."""
    for flow in subject.service.flows.values():
        for name, node in flow.nodes.items():
            offered: dict[str, str] = getattr(node, "keys", {}) if node.kind == "menu" else {}
            options = len([key for key in offered if key != "0"])
            if options > COMFORTABLE:
                severity = "error" if options > MOST_OPTIONS else "warning"
                reason = Message("menu-too-long", options=options, comfortable=COMFORTABLE, most=MOST_OPTIONS)
                path = ("nodes", name, "keys")
                yield flow.source.problem(path, reason, Message("split-menu"), key=True, severity=severity)


def the_outside_is_allowed(subject: Subject) -> Iterator[Problem]:
    """Every system that a node asks, and every number that it calls, stands in outside.yaml."""
    service = subject.service
    for flow in service.flows.values():
        for name, node in flow.nodes.items():
            for known, asked in ((service.outside.systems, node.systems()), (service.outside.numbers, node.numbers())):
                for word in asked:
                    if word not in known:
                        mend = did_you_mean(word, known) if known else Message("add-to-file", file=OUTSIDE)
                        reason = Message("not-outside", word=word, file=OUTSIDE)
                        yield flow.source.problem(("nodes", name, node.kind), reason, mend)


CHECKS: tuple[Check, ...] = (
    lines_are_whole,
    beginnings,
    edges_lead_somewhere,
    nothing_is_unreachable,
    branches_name_what_there_is,
    menus_are_humane,
    nought_reaches_a_person,
    rescue_reaches_a_person,
    rescue_leads_on,
    everyone_is_led_out,
    sub_flows_return,
    returns_have_a_caller,
    people_are_near,
    queues_exist,
    strategies_exist,
    shares_are_of_all,
    overflow_ends,
    overflow_is_waited_for,
    windows_are_served,
    wrap_up_codes_are_declared,
    sections_exist,
    sections_are_named,
    skills_are_declared,
    skills_are_named,
    roster_fits,
    nobody_is_kept_for_good,
    named_operators_are_there,
    somebody_can_take_every_call,
    the_outside_is_allowed,
    prompts_exist,
    prompts_are_used,
    prompts_are_short,
)
"""Every rule."""
