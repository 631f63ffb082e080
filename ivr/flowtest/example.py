"""An example call as the runner takes it: who calls in which circumstances, the steps, what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.speech import Language
from routing.model import Needs


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in a file; ``line`` from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Staff:
    """An operator. ``skills``: None is all. ``ready``: seconds from the call's beginning, None never.

    ``phone``: answers, rings, declines or unreachable; ``picks_up`` and ``talks`` in seconds.
    """

    name: str
    skills: Needs | None = None
    ready: float | None = 0.0
    phone: str = "answers"
    picks_up: float = 2.0
    talks: float = 60.0


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The world that a call meets. ``at``: in the line's own time; ``language``: remembered, if any.

    ``requests``: those that exist, with their statuses. ``lookups``: work, fail or fail-later.
    ``out_of_hours``: whatever the line's hours are. ``closed``: queues that take no calls.
    ``waiting`` and ``expected_wait`` (s): by queue. ``earlier_calls``: of this caller, lately.
    ``systems``: what each system of the owner's answers; the others fail.
    """

    dials: str
    at: datetime
    caller: str = ""
    language: Language | None = None
    staff: tuple[Staff, ...] = ()
    requests: Mapping[int, str] = field(default_factory=dict)
    lookups: str = "work"
    out_of_hours: bool = False
    closed: frozenset[str] = frozenset()
    disk_full: bool = False
    waiting: Mapping[str, int] = field(default_factory=dict)
    expected_wait: Mapping[str, float] = field(default_factory=dict)
    earlier_calls: int = 0
    systems: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``kind`` is its YAML key (hears, presses, …), ``value`` what stands behind it.

    ``during``: the prompt, or the words, in the middle of which the keys are pressed; "" for after it.
    """

    kind: str
    value: Any
    spot: Spot
    during: str = ""

    def __str__(self) -> str:
        words = ", ".join(self.value) if isinstance(self.value, list) else self.value
        if isinstance(words, float):
            words = f"{words:g}s" if words else "nothing"
        told = self.kind if self.kind == "hangs-up" else f"{self.kind}: {words}"
        return f"{told}, during: {self.during}" if self.during else told


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that must have come of the call: ``key`` of ResultForm."""

    key: str
    value: Any
    spot: Spot


@dataclass(frozen=True, slots=True)
class Example:
    """One example call of a file."""

    name: str
    flow: str
    spot: Spot
    circumstances: Circumstances
    steps: tuple[Step, ...]
    wanted: tuple[Wanted, ...]
