"""Writes an example call from one that was walked in the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ivr.channel import CallerGone
from ivr.flow.loader import parse
from ivr.flowtest.caller import Caller
from ivr.flowtest.example import Circumstances, Staff
from ivr.flowtest.said import Said
from ivr.flowtest.world import Traces


class Recorder:
    """A Caller in front of another one: notes each step that the other takes."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.steps: list[tuple[str, list[str]]] = []

    def turn(self) -> None:
        """As Caller.turn."""
        try:
            self._caller.turn()
        except CallerGone:
            self._gone()
            raise

    def types_over(self, said: Said) -> str:
        """As Caller.types_over."""
        keys = self._caller.types_over(said)
        if keys:
            self.steps.append(("during", [str(said), keys]))
        return keys

    def hears(self, said: Said) -> None:
        """As Caller.hears."""
        self._caller.hears(said)
        self._note("hears", str(said))

    def presses(self, timeout: float) -> str | None:
        """As Caller.presses."""
        try:
            key = self._caller.presses(timeout)
        except CallerGone:
            self._gone()
            raise
        if key is None:
            self.steps.append(("says", ["nothing"]))
        else:
            self._note("presses", key)
        return key

    def speaks(self, most: float) -> float:
        """As Caller.speaks."""
        seconds = self._caller.speaks(most)
        self.steps.append(("says", [f"{seconds:g}s" if seconds else "nothing"]))
        return seconds

    async def waits(self) -> str:
        """As Caller.waits."""
        try:
            key = await self._caller.waits()
        except CallerGone:
            self._gone()
            raise
        self._note("presses", key)
        return key

    def rings(self, operator: str) -> None:
        """As Caller.rings."""
        self._caller.rings(operator)
        self.steps.append(("rings", [operator]))

    def talks(self, operator: str) -> bool:
        """As Caller.talks."""
        self.steps.append(("talks-to", [operator]))
        gone = self._caller.talks(operator)
        if gone:
            self._gone()
        return gone

    def _gone(self) -> None:
        self.steps.append(("hangs-up", []))

    def _note(self, kind: str, value: str) -> None:
        """One more of what came before, or a new step."""
        if self.steps and self.steps[-1][0] == kind:
            self.steps[-1][1].append(value)
        else:
            self.steps.append((kind, [value]))


def write_example(file: Path, flow: str, given: Circumstances, recorder: Recorder, traces: Traces) -> str:
    """Add the call to ``file``, which is made if need be; its name there. Raises OSError, Problems."""
    text = file.read_text("utf-8") if file.exists() else f"tests: 1\nflow: {flow}\ncalls:\n"
    calls = parse(text.encode(), file.name, f"flow: {flow}").data.get("calls") or {}
    name = f"recorded {len(calls) + 1}"
    lines = [f"  {name}:", *_circumstances(given), "    call:", *_steps(recorder), _result(traces)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.rstrip("\n") + "\n" + "\n".join(lines) + "\n", "utf-8")
    return name


def _circumstances(given: Circumstances) -> Iterator[str]:
    yield f"    dials: {json.dumps(given.dials)}"
    if given.caller:
        yield f"    from: {json.dumps(given.caller)}"
    yield f"    at: {given.at:%Y-%m-%d %H:%M}"
    if given.language:
        yield f"    speaks: {given.language}"
    if given.staff:
        yield "    operators:"
        yield from (f"      {staff.name}: {_staff(staff)}" for staff in given.staff)
    if given.requests:
        requests = ", ".join(f"{number}: {status}" for number, status in given.requests.items())
        yield f"    requests: {{{requests}}}"


def _staff(staff: Staff) -> str:
    if staff.skills is None:
        return "{}"
    languages = [skill.partition(".")[2] for skill in staff.skills if skill.startswith("language.")]
    skills = [f"{skill}: {level}" for skill, level in staff.skills.items() if not skill.startswith("language.")]
    return f"{{skills: {{{', '.join(skills)}}}, languages: [{', '.join(languages)}]}}"


def _steps(recorder: Recorder) -> Iterator[str]:
    for kind, values in recorder.steps:
        if kind == "presses":
            yield f"      - presses: {json.dumps(''.join(values))}"
        elif kind == "during":
            yield f"      - {{during: {values[0]}, presses: {json.dumps(values[1])}}}"
        elif kind == "hears":
            yield f"      - hears: [{', '.join(values)}]"
        else:
            yield f"      - {kind}: {values[0]}" if values else f"      - {kind}"


def _result(traces: Traces) -> str:
    state = traces.state
    result = {"ended": str(state.end), "line": state.line, "language": state.language}
    if state.queue:
        result["queue"] = state.queue
    if state.operator:
        result["operator"] = state.operator
    if state.section:
        result["section"] = state.section
    if state.category:
        result["category"] = state.category
    if state.identifiers:
        result["identified"] = f"[{', '.join(identified.kind for identified in state.identifiers)}]"
    return f"    result: {{{', '.join(f'{key}: {value}' for key, value in result.items())}}}"
