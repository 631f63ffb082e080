"""The kinds of file that an admin writes, each with its form."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.flow.model import FlowForm, Form, RegionsForm
from ivr.flow.outside import OUTSIDE, OutsideForm
from ivr.flow.queues import QUEUES, QueuesForm
from ivr.flow.roster import ROSTER, RosterForm
from ivr.flow.sections import SECTIONS, SectionsForm
from ivr.flow.service import FLOWS, REGIONS
from ivr.flow.skills import SKILLS, SkillsForm
from ivr.flowtest.form import ExamplesForm
from ivr.simulation.form import ScenarioForm


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. ``files``: where they stand in the configuration's folder, as a glob pattern."""

    name: str
    files: str
    form: type[Form]


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("flow", f"{FLOWS}/*.yaml", FlowForm),
        Kind("regions", REGIONS, RegionsForm),
        Kind("queues", QUEUES, QueuesForm),
        Kind("sections", SECTIONS, SectionsForm),
        Kind("skills", SKILLS, SkillsForm),
        Kind("operators", ROSTER, RosterForm),
        Kind("outside", OUTSIDE, OutsideForm),
        Kind("tests", f"{FLOWS}/tests/*.yaml", ExamplesForm),
        Kind("scenario", "scenarios/*.yaml", ScenarioForm),
    )
}
"""By name."""
