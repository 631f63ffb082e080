"""Reads the files of example calls, each fault with its file, line, column and mend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from ivr.flow.forms import known_keys, read_form
from ivr.flow.loader import Path, Source, parse
from ivr.flow.problem import Problem, Problems, did_you_mean
from ivr.flow.service import FLOWS, Service
from ivr.flowtest.example import Circumstances, Example, Spot, Staff, Step, Wanted
from ivr.flowtest.form import CallForm, ExamplesForm, OperatorForm, ResultForm, StepForm
from ivr.flowtest.names import unknown_names
from ivr.messages import Message

FOLDER = f"{FLOWS}/tests"
"""Where the files stand in the configuration's folder."""

EACH = "each"
_SLOT = re.compile(r"\{([a-z][a-z0-9-]*)\}")


def load_examples(folder: FilePath, service: Service, only: Iterable[str] = ()) -> list[Example]:
    """Every example call of the configuration in ``folder``, or of the flows ``only``. Raises Problems."""
    examples: list[Example] = []
    problems: list[Problem] = []
    wanted = set(only)
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        if wanted and path.stem not in wanted:
            continue
        try:
            source = parse(path.read_bytes(), path.relative_to(folder).as_posix(), f"flow: {path.stem}")
        except OSError as error:
            name, reason = path.relative_to(folder).as_posix(), Message("file-unreadable", why=str(error.strerror))
            problems.append(Problem(name, 1, 1, "", reason, Message("make-readable")))
        except Problems as error:
            problems += error.problems
        else:
            found, faults = read_examples(source, path.stem, service)
            examples, problems = examples + found, problems + faults
    if problems:
        raise Problems(problems)
    return examples


def read_examples(source: Source, stem: str, service: Service) -> tuple[list[Example], list[Problem]]:
    """The example calls of one file, and what is wrong with it."""
    form, problems = read_form(ExamplesForm, source)
    if form is None:
        return [], problems
    if form.flow != stem or form.flow not in service.flows:
        known = form.flow == stem
        mend = did_you_mean(form.flow, service.flows) if known else Message("write-flow", flow=stem)
        problems.append(source.problem(("flow",), Message("examples-of-no-flow"), mend))
    examples = []
    for name in form.calls:
        for title, expanded in _each(source, name, problems):
            path = ("calls", name)
            call, faults = read_form(CallForm, expanded, path)
            problems += faults
            if call is not None:
                problems += unknown_names(call, expanded, path, service)
                given, spot = _circumstances(call, service), _spot(expanded, path)
                steps, wanted = _steps(call, expanded, path), _wanted(call.result, expanded, path)
                examples.append(Example(title, form.flow, spot, given, steps, wanted))
    return examples, problems


def _each(source: Source, name: str, problems: list[Problem]) -> Iterator[tuple[str, Source]]:
    """The call as it stands, or once for each entry of ``each``, whose values fill the ``{slots}``."""
    given = source.data["calls"][name]
    if not isinstance(given, dict) or EACH not in given:
        yield name, source
        return
    rows = given[EACH]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        reason, mend = Message("not-a-list-of-values"), Message("write-list-of-values")
        problems.append(source.problem(("calls", name, EACH), reason, mend))
        return
    rest = {key: value for key, value in given.items() if key != EACH}
    for index, row in enumerate(rows):
        values = {key: value for key, value in row.items() if isinstance(value, str)}
        missing = sorted(set(_SLOT.findall(f"{name} {rest}")) - values.keys())
        if missing:
            reason, mend = Message("value-not-given", slot=missing[0]), Message("add-key", key=missing[0])
            problems.append(source.problem(("calls", name, EACH, index), reason, mend))
            continue
        yield _fill(name, values), replace(source, data={"calls": {name: _filled(rest, values)}})


def _filled(data: Any, values: Mapping[str, str]) -> Any:
    if isinstance(data, dict):
        return {_filled(key, values): _filled(value, values) for key, value in data.items()}
    if isinstance(data, list):
        return [_filled(item, values) for item in data]
    return _fill(data, values) if isinstance(data, str) else data


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: values[slot[1]], text)


def _circumstances(form: CallForm, service: Service) -> Circumstances:
    zone = service.route(form.dials, 0.0).line.zone
    return Circumstances(
        dials=form.dials,
        at=form.at if form.at.tzinfo else form.at.replace(tzinfo=zone),
        caller=form.from_,
        language=form.speaks,
        staff=tuple(_staff(name, operator) for name, operator in form.operators.items()),
        requests={int(number): status for number, status in form.requests.items()},
        lookups=form.lookups,
        out_of_hours=form.hours == "closed",
        closed=frozenset(form.closed),
        disk_full=form.disk == "full",
        waiting=form.waiting,
        expected_wait=form.expected_wait,
        earlier_calls=form.earlier_calls,
        systems=form.systems,
    )


def _staff(name: str, form: OperatorForm) -> Staff:
    skills = None
    if form.skills is not None or form.languages is not None:
        skills = {**(form.skills or {}), **{f"language.{code}": 5 for code in form.languages or ()}}
    ready = form.ready if not isinstance(form.ready, bool) else 0.0 if form.ready else None
    return Staff(name, skills, ready, form.phone, form.picks_up, form.talks)


def _steps(form: CallForm, source: Source, path: Path) -> tuple[Step, ...]:
    return tuple(_step(step, _spot(source, (*path, "call", index))) for index, step in enumerate(form.call))


def _step(form: StepForm, spot: Spot) -> Step:
    name = next(name for name in form.model_fields_set if name != "during")
    return Step(name.replace("_", "-"), getattr(form, name), spot, form.during or "")


def _wanted(form: ResultForm | None, source: Source, path: Path) -> tuple[Wanted, ...]:
    if form is None:
        return ()
    keys = dict(zip(ResultForm.model_fields, known_keys(ResultForm), strict=True))
    given = (name for name in ResultForm.model_fields if name in form.model_fields_set)
    return tuple(Wanted(name, _value(form, name), _spot(source, (*path, "result", keys[name]))) for name in given)


def _value(form: ResultForm, name: str) -> object:
    """What is wanted, as the call has it: ``needs: {technical: 2, language: ru}`` as the router's."""
    if name != "needs" or form.needs is None:
        return getattr(form, name)
    return {
        (f"{skill}.{level}" if skill == "language" else skill): 1 if skill == "language" else int(level)
        for skill, level in form.needs.items()
    }


def _spot(source: Source, path: Path) -> Spot:
    while path:
        place = source.keys.get(path) or source.values.get(path)
        if place:
            return Spot(source.file, place[0])
        path = path[:-1]
    return Spot(source.file, 1)
