"""Does the hotline run, and does it serve calls?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ivr.desk.client import Client, NotRunning, Refused
from ivr.doctor.finding import Finding, Level
from ivr.doctor.machine import running
from ivr.messages import LANGUAGES, Message
from ivr.settings import Settings

ENGINE = Message("about-engine")
MENDS = {"configuration": Message("engine-configuration-mend")}
"""By the check's name in /readyz; of the others: what `ivr run` says."""


def engine(settings: Settings, language: str = LANGUAGES[0]) -> Iterator[Finding]:
    """What the running engine says of itself, in ``language``; that none runs is no fault."""
    try:
        _, answer = Client.find(settings.state, language).status("/readyz")
    except (NotRunning, Refused) as error:
        if running(settings):
            yield Finding(ENGINE, Level.FAIL, Message("engine-silent", why=error.message), Message("engine-mend"))
        else:
            yield Finding(ENGINE, Level.OK, Message("engine-none"))
        return
    yield from _told(answer)


def _told(answer: Any) -> Iterator[Finding]:
    checks = answer.get("checks", []) if isinstance(answer, dict) else []
    if not checks:
        yield Finding(ENGINE, Level.FAIL, Message("engine-stranger"), Message("engine-stranger-mend"))
        return
    wrong = [check for check in checks if not check["ok"]]
    for check in wrong:
        level = Level.FAIL if check.get("vital", True) else Level.WARN
        mend = MENDS.get(check["name"], Message("engine-mend"))
        yield Finding(Message("about-engine-part", part=check["name"]), level, check["words"], mend)
    if not wrong:
        yield Finding(ENGINE, Level.OK, Message("engine-serves"))
