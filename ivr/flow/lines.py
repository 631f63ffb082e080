"""The lines of regions.yaml: who answers which number, when and in which languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ivr.flow.hours import Hours
from ivr.flow.loader import Path, Source
from ivr.flow.model import LineForm, RegionsForm, Texts
from ivr.flow.problem import Problem
from ivr.flow.zoned import Zones
from ivr.messages import Message
from ivr.numbers import normalise
from ivr.speech import Language


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the hotline. ``numbers`` in E.164; ``names``: the region's name by language."""

    name: str
    numbers: tuple[str, ...]
    region: str
    names: Texts
    zone: ZoneInfo
    languages: tuple[Language, ...]
    hours: Hours
    flow: str
    closed: str | None
    record: bool = True

    def flow_at(self, at: float) -> str:
        """The flow that answers ``at`` (seconds since 1970): out of hours the ``closed`` one."""
        return self.flow if self.closed is None or self.hours.open_at(at, self.zone) else self.closed


def lines(form: RegionsForm, source: Source) -> tuple[Mapping[str, Line], Line, list[Problem]]:
    """The lines by name, what answers a number of none of them, and what of it makes no sense."""
    zones = Zones(source)
    found = {name: _line(zones, ("lines", name), name, each) for name, each in form.lines.items()}
    unknown = _line(zones, ("unknown",), "unknown", form.unknown)
    return found, unknown, [*zones.problems, *_claimed_once(source, form)]


def _line(zones: Zones, path: Path, name: str, form: LineForm) -> Line:
    hours, zone = zones.read(form.hours, form.time_zone, path)
    numbers = tuple(normalise(number) or "" for number in form.numbers)
    languages = tuple(form.languages)
    return Line(name, numbers, form.region, form.names, zone, languages, hours, form.flow, form.closed, form.record)


def _claimed_once(source: Source, form: RegionsForm) -> list[Problem]:
    problems, owners = [], dict[str, str]()
    for name, line in form.lines.items():
        for index, written in enumerate(line.numbers):
            path = ("lines", name, "numbers", index)
            number = normalise(written)
            if number is None:
                not_a_number = Message("no-telephone-number", written=written)
                problems.append(source.problem(path, not_a_number, Message("write-telephone-number")))
            elif number in owners:
                reason = Message("number-of-another-line", line=owners[number])
                problems.append(source.problem(path, reason, Message("number-of-one-line")))
            else:
                owners[number] = name
    return problems
