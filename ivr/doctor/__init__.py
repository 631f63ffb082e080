"""What keeps this hotline from working, or will: each finding with its mend. Nothing is fetched, made or changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ivr.doctor import asterisk, content, engines, hotline, machine
from ivr.doctor.finding import Finding, Level
from ivr.messages import LANGUAGES, Message
from ivr.settings import Settings

CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    asterisk.installation,
    machine.ports,
    machine.network,
    content.configuration,
    content.prompts,
    content.database,
    content.keys,
    engines.meeting_place,
    machine.disk,
    machine.clock,
)
"""One for each matter, in the order in which a start needs it; a further one joins by being named here.

The running engine, which speaks for itself and so is told the language, comes after them.
"""


def examined(settings: Settings, language: str = LANGUAGES[0]) -> list[Finding]:
    """Everything that there is to look at; where this user may not look, that is the finding."""
    checks = (*CHECKS, lambda given: hotline.engine(given, language))
    return [finding for check in checks for finding in _looked(check, settings)]


def _looked(check: Callable[[Settings], Iterator[Finding]], settings: Settings) -> Iterator[Finding]:
    try:
        yield from check(settings)
    except OSError as error:
        why = error.strerror or str(error)
        words = Message("unlooked", what=str(error.filename or check.__name__), why=why)
        yield Finding(check.__name__, Level.FAIL, words, Message("state-own"))
