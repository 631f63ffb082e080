"""What must have come of an example call, beside what did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ivr.flowtest.example import Wanted
from ivr.flowtest.form import NOTHING
from ivr.flowtest.script import Failure
from ivr.flowtest.world import Traces
from routing.demand import spoken

NOBODY = "nobody"


def differences(wanted: tuple[Wanted, ...], traces: Traces) -> Iterator[Failure]:
    """Each thing that came otherwise."""
    for want in wanted:
        came = _ACTUAL[want.key](traces)
        if came == want.value:
            continue
        expected, actual = _shown(want.value), _shown(came)
        if expected != actual:
            yield Failure(want.spot, f"{want.key}: {expected}", f"{want.key}: {actual}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return spoken(dict(sorted(value.items())))
    if isinstance(value, list):
        return ", ".join(value) or NOTHING
    if isinstance(value, float):
        return f"{value:.0f}s"
    return NOTHING if value in (None, "") else str(value)


_ACTUAL: dict[str, Callable[[Traces], Any]] = {
    "ended": lambda traces: traces.state.end,
    "queue": lambda traces: traces.state.queue,
    "needs": lambda traces: dict(traces.request.needs) if traces.request else NOTHING,
    "priority": lambda traces: traces.request.priority if traces.request else NOTHING,
    "offered": lambda traces: traces.offered or [NOBODY],
    "operator": lambda traces: traces.state.operator or NOBODY,
    "line": lambda traces: traces.state.line,
    "section": lambda traces: traces.state.section,
    "category": lambda traces: traces.state.category,
    "language": lambda traces: traces.state.language,
    "identified": lambda traces: [identified.kind for identified in traces.state.identifiers],
    "unidentified": lambda traces: traces.state.unidentified,
    "waited": lambda traces: traces.state.wait_seconds,
}
"""By the keys of ResultForm: what did come of the call."""
