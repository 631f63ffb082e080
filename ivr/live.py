"""What callers are served with now: the checked configuration and its prompts, swapped together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import structlog

from ivr.desk.dialplans import Reloaded
from ivr.flow.live import LiveService
from ivr.flow.service import Service
from ivr.prompts.build import NoVoice
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.prompts.provide import places, render
from ivr.prompts.voices import SynthesisError
from ivr.settings import Settings
from ivr.speech import Prompts

_log = structlog.get_logger(__name__)


class Live:
    """Implements ivr.desk.dialplans.Configuration. ``swapped`` is told of each new service that is live."""

    def __init__(self, settings: Settings, swapped: Callable[[Service], None]) -> None:
        """Raises ivr.flow.problem.Problems when there is no configuration that works."""
        self._settings, self._swapped = settings, swapped
        self._service = LiveService(settings.config, settings.state)
        # One bad text must not keep an engine that was lost from its calls.
        prompts, faults = Catalogue.readable(*places(settings))
        self._served: tuple[Service, Prompts] = (self._service.current, prompts)
        self._turn = asyncio.Lock()
        self._unspoken = "; ".join(_faults(prompts, faults))
        if self._unspoken:
            _log.error("prompts-left-out", problem=self._unspoken)
        swapped(self._service.current)

    def now(self) -> tuple[Service, Prompts]:
        """The service and the prompts that a call beginning now is served with."""
        return self._served

    @property
    def problem(self) -> str | None:
        """Why what the folder holds is not what is live; None when it is."""
        return self._service.problem or self._unspoken or None

    async def reload(self) -> Reloaded:
        """Read, check, speak what is new and swap in, off the calls' path; a fault leaves what was live."""
        async with self._turn:
            service = await asyncio.to_thread(self._service.examine)
            problems = self._service.problems
            accepted = service is not None and await self._spoken(service)
            if accepted:
                self._swapped(self._service.current)
            return Reloaded(accepted, self._served[0].version, problems, self.problem or "")

    async def _spoken(self, service: Service) -> bool:
        """Whether it is live now: only once all that it says can be said."""
        try:
            prompts = await asyncio.to_thread(self._render)
        except (PromptError, NoVoice, SynthesisError, OSError) as error:
            self._unspoken = f"the prompts cannot be spoken, the last good configuration is live: {error}"
            _log.error("configuration-refused", problem=self._unspoken)
            return False
        await asyncio.to_thread(self._service.adopt, service)
        self._unspoken, self._served = "", (self._service.current, prompts)
        return True

    def _render(self) -> Catalogue:
        render(self._settings, lambda words: _log.info("prompts", progress=words))
        return Catalogue.load(*places(self._settings))


def _faults(prompts: Catalogue, unreadable: list[str]) -> Iterator[str]:
    """What callers will not hear, in words that mend."""
    if unreadable:
        yield f"prompts that cannot be read are left out: {'; '.join(unreadable)}"
    silent = [f"{language}/{name}" for language in prompts.languages for name in prompts.silent(language)]
    if silent:
        more = f" (and {len(silent) - 3} more)" if len(silent) > 3 else ""
        yield f"prompts without a sound: {', '.join(silent[:3])}{more}; make them: `ivr prompts build`, `ivr reload`"
