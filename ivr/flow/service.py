"""What the hotline is: its lines, flows and queues, read from a folder as one whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ivr.flow.fingerprint import prompts_fingerprint
from ivr.flow.forms import first_key, known_keys, read_form
from ivr.flow.language_version import too_new
from ivr.flow.lines import Line, lines
from ivr.flow.loader import Source, parse
from ivr.flow.model import FlowForm, Form, Node, RegionsForm, Texts
from ivr.flow.outside import OUTSIDE, Outside, OutsideForm, outside
from ivr.flow.problem import Problem, Problems, did_you_mean
from ivr.flow.queues import QUEUES, Queues, QueuesForm, queues
from ivr.flow.registry import node_types
from ivr.flow.roster import ROSTER, Roster, RosterForm, roster
from ivr.flow.sections import SECTIONS, Sections, SectionsForm, sections
from ivr.flow.skills import SKILLS, SkillsForm
from ivr.messages import Message
from ivr.numbers import normalise

REGIONS, FLOWS, PROMPTS = "regions.yaml", "dialplans", "recordings/prompts"
"""Where each part stands in the configuration's folder."""

AnyForm = TypeVar("AnyForm", bound=Form)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow. ``source`` tells where each word of it stands; ``steps``: see ivr.flow.proof."""

    name: str
    start: str
    rescue: str
    nodes: Mapping[str, Node]
    source: Source = field(repr=False, compare=False)
    steps: int = 12
    names: Texts = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Route:
    """What answers a call: ``called`` is E.164, "" when the dialled words are no number; ``known``: a line has it."""

    called: str
    line: Line
    flow: str
    known: bool


@dataclass(frozen=True, slots=True)
class Service:
    """The whole configuration, never changed once loaded.

    ``version``: the first 12 digits of the SHA-256 over its YAML and the prompts' texts and recordings.
    ``skills``, ``roster``: None where their files are not there. ``wrap_up_codes``: code -> its name by language.
    """

    version: str
    lines: Mapping[str, Line]
    unknown: Line
    flows: Mapping[str, Flow]
    queues: Queues
    numbers: Mapping[str, str]
    sources: Mapping[str, Source] = field(repr=False, compare=False)
    outside: Outside = field(default_factory=Outside)
    sections: Sections = field(default_factory=Sections)
    skills: Mapping[str, Texts] | None = None
    roster: Roster | None = None
    wrap_up_codes: Mapping[str, Texts] = field(default_factory=dict)

    def route(self, dialled: str, at: float) -> Route:
        """The line and flow for the number as dialled, ``at`` (seconds since 1970); ``unknown`` if no line has it."""
        called = normalise(dialled) or ""
        name = self.numbers.get(called)
        line = self.lines[name] if name is not None else self.unknown
        return Route(called, line, line.flow_at(at), name is not None)

    def line(self, name: str) -> Line:
        """The line of that name; ``unknown`` for a name that is gone."""
        return self.lines.get(name, self.unknown)


def load(folder: Path, *, prompts: Path | None = None) -> Service:
    """The configuration in ``folder``. Raises Problems with everything in the files that cannot be understood.

    ``prompts``: where they are if not there. Whether it all makes sense together is for ivr.flow.checks.
    """
    return _Loading(folder, prompts or folder / PROMPTS).service()


class _Loading:
    """One reading of a folder; collects problems instead of stopping at the first."""

    def __init__(self, folder: Path, prompts: Path) -> None:
        self.folder, self.prompts = folder, prompts
        self.problems: list[Problem] = []
        self.sources: dict[str, Source] = {}
        self.digest = hashlib.sha256()

    def service(self) -> Service:
        queues, codes = self.queues()
        flows = self.flows()
        lines, unknown = self.lines()
        around = self.optional(OUTSIDE, OutsideForm, lambda form, _: (outside(form), [])) or Outside()
        about = self.optional(SECTIONS, SectionsForm, sections) or Sections()
        skills = self.optional(SKILLS, SkillsForm, lambda form, _: (form.skills, []))
        people = self.optional(ROSTER, RosterForm, roster)
        if self.problems or unknown is None:
            raise Problems(self.problems)
        numbers = {number: line.name for line in lines.values() for number in line.numbers}
        self.digest.update(prompts_fingerprint(self.prompts))
        version = self.digest.hexdigest()[:12]
        sources = self.sources
        return Service(version, lines, unknown, flows, queues, numbers, sources, around, about, skills, people, codes)

    def source(self, path: Path, first: str) -> Source | None:
        """The file's words; ``first``: as ivr.flow.loader.parse."""
        name = path.relative_to(self.folder).as_posix()
        try:
            raw = path.read_bytes()
            self.digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
            self.sources[name] = parse(raw, name, first)
        except OSError as error:
            reason, mend = Message("file-unreadable", why=str(error.strerror)), Message("file-make-readable")
            self.problems.append(Problem(name, 1, 1, "", reason, mend))
        except Problems as error:
            self.problems += error.problems
        return self.sources.get(name)

    def optional(
        self, name: str, form: type[AnyForm], made: Callable[[AnyForm, Source], tuple[Made, list[Problem]]]
    ) -> Made | None:
        """What is made of a file that may be missing; None when it is, or cannot be read."""
        path = self.folder / name
        source = self.source(path, first_key(form)) if path.exists() else None
        if source is None:
            return None
        read, problems = read_form(form, source)
        result, faults = made(read, source) if read else (None, [])
        self.problems += [*problems, *faults]
        return result

    def queues(self) -> tuple[Queues, Mapping[str, Texts]]:
        source = self.source(self.folder / QUEUES, first_key(QueuesForm))
        form, problems = read_form(QueuesForm, source) if source else (None, [])
        self.problems += problems
        if form is None or source is None:
            return {}, {}
        found, faults = queues(form, source)
        self.problems += faults
        return found

    def flows(self) -> dict[str, Flow]:
        flows: dict[str, Flow] = {}
        for path in sorted((self.folder / FLOWS).glob("*.yaml")):
            source = self.source(path, f"flow: {path.stem}")
            flow = self.flow(source, path.stem) if source else None
            if flow:
                flows[flow.name] = flow
        if not flows and not self.problems:
            self.problems.append(Problem(FLOWS, 1, 1, "", Message("no-flow-file"), Message("put-flow-file")))
        return flows

    def flow(self, source: Source, stem: str) -> Flow | None:
        if later := too_new(source):
            self.problems.append(later)
            return None
        form, problems = read_form(FlowForm, source)
        if form and form.flow != stem:
            mend = Message("name-as-file", stem=stem, name=form.flow)
            problems.append(source.problem(("flow",), Message("flow-name-not-file"), mend))
        nodes: dict[str, Node] = {}
        given = source.data.get("nodes")
        for name in given if isinstance(given, dict) else ():
            node, faults = read_node(source, str(name))
            problems += faults
            if node:
                nodes[str(name)] = node
        self.problems += problems
        return Flow(form.flow, form.start, form.rescue, nodes, source, form.steps, form.names) if form else None

    def lines(self) -> tuple[Mapping[str, Line], Line | None]:
        source = self.source(self.folder / REGIONS, first_key(RegionsForm))
        form, problems = read_form(RegionsForm, source) if source else (None, [])
        self.problems += problems
        if form is None or source is None:
            return {}, None
        found, unknown, faults = lines(form, source)
        self.problems += faults
        return found, unknown


def read_node(source: Source, name: str) -> tuple[Node | None, list[Problem]]:
    """The node ``name`` of a flow's file: its first key is its type."""
    path = ("nodes", name)
    given: Any = source.data["nodes"][name]
    if not isinstance(given, dict) or not given:
        return None, [source.problem(path, Message("node-not-keys"), Message("write-node"))]
    types = node_types()
    word = next(iter(given))
    if word in types:
        return read_form(types[word], source, path)
    others = [key for key in given if key in types]
    mend = Message("node-type-first", word=others[0]) if others else did_you_mean(word, types)
    return None, [source.problem((*path, word), Message("node-type-unknown", word=word), mend, key=True)]


__all__ = ["QUEUES", "Flow", "Line", "Route", "Service", "known_keys", "load", "read_node"]
