"""Does the hotline run, and does it serve calls?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ivr.desk.client import Client, NotRunning, Refused
from ivr.doctor.finding import Finding, Level
from ivr.doctor.machine import running
from ivr.settings import Settings

MEND = "look at what `ivr run` says; it restarts by itself what ended"
MENDS = {"configuration": "run `ivr check`, mend what it says and save: that goes live by itself"}
"""By the check's name in /readyz; ``MEND`` for the others."""


def engine(settings: Settings) -> Iterator[Finding]:
    """What the running engine says of itself; that none runs is no fault."""
    try:
        _, answer = Client.find(settings.state).status("/readyz")
    except (NotRunning, Refused) as error:
        if running(settings):
            yield Finding("engine", Level.FAIL, f"`ivr run` runs, its engine does not answer: {error}", MEND)
        else:
            yield Finding("engine", Level.OK, "no hotline runs in this IVR_STATE: `ivr run` starts it")
        return
    yield from _told(answer)


def _told(answer: Any) -> Iterator[Finding]:
    checks = answer.get("checks", []) if isinstance(answer, dict) else []
    if not checks:
        mend = "set IVR_HTTP_PORT to a free port"
        yield Finding("engine", Level.FAIL, "something else than the hotline answers at its port", mend)
        return
    wrong = [check for check in checks if not check["ok"]]
    for check in wrong:
        level = Level.FAIL if check.get("vital", True) else Level.WARN
        yield Finding(f"engine: {check['name']}", level, check["words"], MENDS.get(check["name"], MEND))
    if not wrong:
        yield Finding("engine", Level.OK, "calls are served")
