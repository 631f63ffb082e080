"""Says what is new in a configuration ahead of any call, in a process of its own: synthesis takes whole cores."""

from __future__ import annotations

from functools import partial

import structlog

from ivr.golive.apart import apart
from ivr.prompts.build import NoVoice
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.prompts.provide import places, render
from ivr.prompts.voices import SynthesisError
from ivr.settings import Settings

_log = structlog.get_logger(__name__)

SECONDS = 900.0
"""How long a synthesiser may take, its fetching too, before it is given up; what it has made by then stays."""


async def spoken(settings: Settings) -> Catalogue:
    """The prompts with all their sounds. Raises PromptError, NoVoice, SynthesisError, OSError and apart.Lost."""
    foreseen = (PromptError, NoVoice, SynthesisError, OSError)
    made, prompts = await apart(partial(speak_here, settings), SECONDS, foreseen)
    if made:
        _log.info("prompts-spoken", sounds=made)
    return prompts


def speak_here(settings: Settings) -> tuple[int, Catalogue]:
    """As ``spoken``, in this process, with the number of sounds made."""
    built = render(settings, lambda _words: None)
    return sum(each.made for each in built), Catalogue.load(*places(settings))
