"""What keeps this hotline from working, or will: each finding with its mend. Nothing is fetched, made or changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ivr.doctor import asterisk, content, engines, hotline, machine
from ivr.doctor.finding import Finding, Level
from ivr.settings import Settings
from ivr.startup import OWN_FOLDER

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
    hotline.engine,
)
"""One for each matter, in the order in which a start needs it; a further one joins by being named here."""


def examined(settings: Settings) -> list[Finding]:
    """Everything that there is to look at; where this user may not look, that is the finding."""
    return [finding for check in CHECKS for finding in _looked(check, settings)]


def _looked(check: Callable[[Settings], Iterator[Finding]], settings: Settings) -> Iterator[Finding]:
    try:
        yield from check(settings)
    except OSError as error:
        words = f"{error.filename or check.__name__} cannot be looked at ({error.strerror or error})"
        yield Finding(check.__name__, Level.FAIL, words, OWN_FOLDER)
