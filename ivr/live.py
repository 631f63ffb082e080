"""What callers are served with now: the checked configuration and its prompts, swapped together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import structlog

from ivr.desk.dialplans import Reloaded
from ivr.desk.names import Names, names_of
from ivr.desk.preview import Preview
from ivr.flow.live import LiveService
from ivr.flow.model import Texts
from ivr.flow.problem import Problem
from ivr.flow.queues import Queues
from ivr.flow.sections import Sections
from ivr.flow.service import Service
from ivr.golive.apart import Lost
from ivr.golive.content import Content, read_content, write_content
from ivr.golive.examination import Examination, examined
from ivr.golive.speaking import spoken
from ivr.golive.standing import Foreseen
from ivr.golive.versions import Versions
from ivr.messages import Message, preferred, told
from ivr.prompts.build import NoVoice
from ivr.prompts.catalogue import Catalogue, Fault, PromptError
from ivr.prompts.provide import places
from ivr.prompts.voices import SynthesisError
from ivr.settings import Settings
from ivr.speech import Prompts

_log = structlog.get_logger(__name__)

WATCHED, STARTED = "the folder", "the start"
"""Who wanted a change that nobody asked for by name: a file was saved; the hotline was started on other files."""


class Standing(Protocol):
    """Whoever waits for an operator now: ivr.golive.standing."""

    def go_live(self, service: Service) -> None:
        """This one is live from now on."""
        ...

    def foresee(self, service: Service) -> list[Foreseen]:
        """What it would mean for each of them."""
        ...


class Live:
    """Implements ivr.desk.app.Configuration. ``standing`` is told of each new service that is live.

    ``under``: queues as emergency measures have them now.
    """

    def __init__(
        self, settings: Settings, standing: Standing, under: Callable[[Queues], Queues] = lambda queues: queues
    ) -> None:
        """Raises ivr.flow.problem.Problems when there is no configuration that works."""
        self._settings, self._standing, self._under = settings, standing, under
        self.versions = Versions(settings.state, time.time)
        self._service = LiveService(settings.config, self.versions.good())
        # One bad text must not keep an engine that was lost from its calls.
        prompts, faults = Catalogue.readable(*places(settings))
        self._served: tuple[Service, Prompts] = (self._service.current, prompts)
        self._prompts = prompts
        self._turn = asyncio.Lock()
        left_out = tuple(_faults(prompts, faults))
        self._unspoken = Message("prompts-left-out", faults=left_out) if left_out else None
        if self._unspoken:
            _log.error("prompts-left-out", problem=told(self._unspoken, preferred()))
        if self._service.problem is None:
            texts = {name: source.raw for name, source in self._service.current.sources.items()}
            self._note({**read_content(settings.config), **texts}, STARTED, "")
        standing.go_live(self._service.current)

    def now(self) -> tuple[Service, Prompts]:
        """The service and the prompts that a call beginning now is served with."""
        return self._served

    @property
    def version(self) -> str:
        """The configuration that is live."""
        return self._served[0].version

    @property
    def problem(self) -> Message | None:
        """Why what the folder holds is not what is live; None when it is."""
        return self._service.problem or self._unspoken

    def open_queues(self) -> frozenset[str]:
        """Those that take calls now, by their hours and emergency measures."""
        now = time.time()
        return frozenset(name for name, queue in self._under(self._served[0].queues).items() if queue.takes(now))

    def announceable(self) -> frozenset[str]:
        """Prompts that can be said in every language, and take no values."""
        prompts = self._prompts
        each = (prompts.names(language) - {*prompts.silent(language)} for language in prompts.languages)
        known = frozenset[str].intersection(*each) if prompts.languages else frozenset[str]()
        return frozenset(
            name for name in known if not any(prompts.slots(name, language) for language in prompts.languages)
        )

    def wrap_up_codes(self) -> Mapping[str, Texts]:
        """Every wrap-up code with its names by language."""
        return self._served[0].wrap_up_codes

    def wrap_up_offers(self) -> Mapping[str, Sequence[str]]:
        """Queue -> the wrap-up codes that it offers."""
        return {name: queue.codes for name, queue in self._served[0].queues.items()}

    def sections(self) -> Sections:
        """What may be asked about, and by when it is answered."""
        return self._served[0].sections

    def names(self) -> Mapping[str, Names]:
        """What people call queues, regions, sections, categories and flows."""
        return names_of(self._served[0])

    async def reload(self, who: str = WATCHED, why: str = "") -> Reloaded:
        """Read, check, test, speak what is new and swap in, off the calls' path; a fault leaves what was live."""
        async with self._turn:
            return await self._taken(await self._examined(self._settings.config), who, why)

    async def roll_back(self, wanted: str, who: str, why: str = "") -> Reloaded:
        """Write a kept version's files back over the folder's, and swap it in; what stood there is kept too.

        ``wanted``: how the version begins; "" is the one before. Raises UnknownVersion; OSError when the files cannot
        be written, which leaves what was live.
        """
        async with self._turn:
            version = self.versions.find(wanted, self.version)
            examination = await self._examined(self.versions.content_folder(version))
            if examination.service is None:
                fails = Message("version-passes-no-longer", version=version)
                return self._told(examination.problems, accepted=False, why=fails)
            lost = await asyncio.to_thread(self._restore, version, examination.content, who)
            # The folder anew: recordings that were not kept are not as they were, and count for what is live.
            examination = await self._examined(self._settings.config)
            done = await self._taken(examination, who, why or f"back to {version}")
            return replace(done, problems=(*done.problems, *map(_not_kept, lost)))

    async def preview(self) -> Preview:
        """What a reload would do to those who wait; nothing is changed by asking."""
        async with self._turn:
            examination = await self._examined(self._settings.config)
        service = examination.service
        if service is None:
            return Preview("", examination.problems, [])
        return Preview(service.version, examination.problems, self._standing.foresee(service))

    async def _examined(self, folder: Path) -> Examination:
        return await examined(folder, places(self._settings)[1])

    async def _taken(self, examination: Examination, who: str, why: str) -> Reloaded:
        service = self._service.judge(examination.service, examination.problems)
        accepted = service is not None and await self._spoken(service)
        if accepted:
            await asyncio.to_thread(self._note, examination.content, who, why)
            self._standing.go_live(self._service.current)
        return self._told(examination.problems, accepted=accepted, why=self.problem or "")

    def _told(self, problems: tuple[Problem, ...], *, accepted: bool, why: str) -> Reloaded:
        return Reloaded(accepted, self.version, problems, why)

    def _restore(self, version: str, content: Content, who: str) -> list[str]:
        """The recordings that could not be brought back."""
        folder = self._settings.config
        if not self.versions.holds(version, folder):
            self.versions.put_aside(read_content(folder), folder, who, "what stood in the folder before a rollback")
            write_content(content, folder)
        return self.versions.restore(version, folder)

    def _note(self, content: Content, who: str, why: str) -> None:
        """A disk that is full must not keep a good change from callers."""
        try:
            self.versions.went_live(self._service.current.version, content, who, why, self._settings.config)
        except OSError as error:
            _log.error("version-not-kept", error=error.strerror)

    async def _spoken(self, service: Service) -> bool:
        """Whether it is live now: only once all that it says can be said."""
        try:
            prompts = await spoken(self._settings)
        except (PromptError, Lost, NoVoice, SynthesisError, OSError) as error:
            why = error.message if isinstance(error, (PromptError, Lost)) else str(error)
            self._unspoken = Message("prompts-unspoken", why=why)
            _log.error("configuration-refused", problem=told(self._unspoken, preferred()))
            return False
        await asyncio.to_thread(self._service.adopt, service)
        self._unspoken, self._served, self._prompts = None, (self._service.current, prompts), prompts
        return True


def _not_kept(recording: str) -> Problem:
    return Problem(recording, 1, 1, "", Message("recording-not-kept"), Message("record-again"), "warning")


def _faults(prompts: Catalogue, unreadable: list[Fault]) -> Iterator[Message]:
    """What callers will not hear, in words that mend."""
    if unreadable:
        yield Message("prompts-unreadable", faults=tuple(fault.message for fault in unreadable))
    silent = [f"{language}/{name}" for language in prompts.languages for name in prompts.silent(language)]
    if silent:
        first: str = ", ".join(silent[:3])
        shown = Message("first-and-more", first=first, more=len(silent) - 3) if len(silent) > 3 else first
        yield Message("prompts-silent", prompts=shown)
