"""From a scenario's form to what is simulated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from ivr.flow.forms import first_key, read_form
from ivr.flow.loader import Source, parse
from ivr.flow.model import LanguageCode
from ivr.flow.problem import Problem, Problems, did_you_mean
from ivr.flow.queues import Queues, ServiceQueue, WaitingForm, queue_of
from ivr.messages import Message
from ivr.nodes.queue import Queue as QueueNode
from ivr.simulation.form import DAY, CallsForm, CrewForm, LengthsForm, ScenarioForm
from ivr.simulation.hours import ByTheClock
from ivr.tickets.deadlines import MOSCOW
from routing.board import unknown
from routing.demand import meets
from routing.model import Contact, Operator
from routing.simulate.draws import FOR_EVER, Constant, Draw, Empirical, Exponential, LogNormal
from routing.simulate.scenario import HOUR, Rate, Scenario, Staff, Stream

MOST_CALLS = 3_000_000
"""In all days together: some minutes of one core."""


@dataclass(frozen=True, slots=True)
class Written:
    """A scenario as written. ``staff`` and ``streams`` may be empty: yesterday's are taken then."""

    queues: Queues
    streams: tuple[Stream, ...]
    staff: tuple[Staff, ...]
    days: int
    seed: int
    within: float
    pick_up: float
    lines: int | None
    date: date

    def scenario(
        self, streams: tuple[Stream, ...], staff: tuple[Staff, ...], midnight: float | None = None
    ) -> Scenario:
        """What is simulated each day. ``midnight``: when the day began (s since 1970); by default ``date`` did."""
        if midnight is None:
            midnight = datetime.combine(self.date, time(), MOSCOW).timestamp()
        queues = tuple(queue.routed for queue in self.queues.values())
        lead = ByTheClock(self.queues, midnight)
        return Scenario(
            queues, streams, staff, DAY, within=self.within, lines=self.lines, pick_up=self.pick_up, lead=lead
        )


def default(queues: Queues) -> Written:
    """Where nothing is written: yesterday as it was."""
    form = ScenarioForm.model_validate({})
    return Written(queues, (), (), form.days, form.seed, form.within, form.pick_up, form.lines, form.date)


def read_scenario(path: Path, queues: Queues) -> Written:
    """The scenario in a file, with the queues of queues.yaml. Raises Problems, OSError."""
    source = parse(path.read_bytes(), path.name, first_key(ScenarioForm))
    form, problems = read_form(ScenarioForm, source)
    if form is None:
        raise Problems(problems)
    known = {**queues, **{name: _other(name, queue, queues) for name, queue in form.queues.items()}}
    problems += _queues_that_are_not(form, source, known)
    staff = tuple(each for name, crew in form.operators.items() for each in _staff(name, crew))
    streams = tuple(each for name, calls in form.calls.items() for each in _streams(name, calls, known))
    problems += _unmet(form, source, staff, known)
    expected = form.days * sum((rate.end - rate.start) * rate.per_second for each in streams for rate in each.rates)
    if expected > MOST_CALLS:
        reason = Message("too-many-calls", calls=round(expected))
        mend = Message("write-fewer-days", days=round(form.days * MOST_CALLS / expected))
        problems.append(source.problem(("days",), reason, mend))
    if problems:
        raise Problems(problems)
    return Written(known, streams, staff, form.days, form.seed, form.within, form.pick_up, form.lines, form.date)


def _other(name: str, form: WaitingForm, queues: Queues) -> ServiceQueue:
    """The queue with these rules, and with its hours and overflow as they are."""
    return replace(
        queues.get(name) or queue_of(name, form), **{each: getattr(form, each) for each in WaitingForm.model_fields}
    )


def _queues_that_are_not(form: ScenarioForm, source: Source, known: Queues) -> Iterable[Problem]:
    for name, calls in form.calls.items():
        queue = calls.asks.queue
        if queue not in known:
            place = ("calls", name, "asks", "queue")
            yield source.problem(place, Message("scenario-queue-unknown", queue=queue), did_you_mean(queue, known))
    for name in form.queues:
        for option, word, there in unknown(known[name]):
            reason = Message("no-such-option", option=option, name=word)
            yield source.problem(("queues", name, option), reason, did_you_mean(word, there))


def _unmet(form: ScenarioForm, source: Source, staff: tuple[Staff, ...], queues: Queues) -> Iterable[Problem]:
    """Calls that nobody could ever take, however long they waited."""
    for name, calls in form.calls.items():
        for language in calls.languages if form.operators else ():
            needs = calls.asks.demands(language, queues)[calls.asks.queue]
            if not any(meets(each.operator.skills, needs) for each in staff):
                wanted = tuple(f"{skill}: {level}" for skill, level in needs.items())
                reason, mend = Message("scenario-demand-unmet", needs=wanted), Message("let-some-have-it")
                yield source.problem(("calls", name, "asks"), reason, mend)


def _streams(name: str, form: CallsForm, queues: Queues) -> Iterable[Stream]:
    """One for each language."""
    whole = sum(form.languages.values())
    for language, share in form.languages.items():
        rates = (Rate(start, end, many * share / whole / HOUR) for (start, end), many in sorted(form.an_hour.items()))
        yield Stream(
            f"{name}.{language}",
            contact(form.asks, language, queues),
            draw(form.talks),
            tuple(rates),
            draw(form.patience) if form.patience else FOR_EVER,
            language=language,
            kind=form.class_,
            max_wait=form.asks.request(language, queues).max_wait,
        )


def contact(node: QueueNode, language: LanguageCode, queues: Queues) -> Contact:
    """What a queue's node asks of the router, as ivr.queueing puts it."""
    request = node.request(language, queues)
    return Contact(
        "",
        request.queue,
        0.0,
        request.needs,
        relax=request.relax,
        priority=request.priority,
        prefer=request.prefer,
        operator=request.operator,
        sticky=request.sticky,
        rises=request.rises,
        loosen=request.loosen,
    )


def draw(form: LengthsForm) -> Draw:
    """The distribution."""
    if form.exponential is not None:
        return Exponential(form.exponential)
    if form.lognormal is not None:
        return LogNormal(form.lognormal, form.deviation or form.lognormal)
    return Empirical(tuple(form.measured)) if form.measured else Constant(form.always or 0.0)


def _staff(name: str, form: CrewForm) -> Iterable[Staff]:
    """Who is on duty at midnight stays for the calls that came before it."""
    skills = {**form.skills, **{f"language.{language}": 5 for language in form.languages}}
    shifts = tuple((start, end if end < DAY else float("inf")) for start, end in form.shifts)
    for number in range(1, form.number + 1):
        yield Staff(Operator(name if form.number == 1 else f"{name}-{number}", skills), shifts)
