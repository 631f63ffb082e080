"""The service that is live: replaced only by one that passes every check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import structlog

from ivr.flow.checks import examine
from ivr.flow.problem import Problem, Problems
from ivr.flow.service import PROMPTS, Service, load
from ivr.messages import Message, preferred, told

log = structlog.get_logger(__name__)


class LiveService:
    """Holds the current service. ``problem`` says why what the folder holds is not what is live."""

    def __init__(self, folder: Path, good: Sequence[Path]) -> None:
        """Load ``folder``, else the first of ``good`` (copies that passed) that can be. Raises Problems."""
        self.folder, self.good = folder, good
        self.problem: Message | None = None
        self.problems: tuple[Problem, ...] = ()
        self.current = self._first()

    def judge(self, service: Service | None, problems: tuple[Problem, ...]) -> Service | None:
        """What came of examining the folder: a service that passed, for ``adopt``, or None and ``problem`` says why."""
        self.problems = problems
        if service is None:
            self._refused()
        elif self.problem:
            self.problem = None
            log.info("configuration-mended", version=service.version)
        return service

    def adopt(self, service: Service) -> None:
        """This service, which passed every check and whose prompts can be said, is live from now on."""
        if service.version != self.current.version:
            self.current = service
            log.info("configuration-live", version=service.version)

    def _first(self) -> Service:
        service, self.problems = examine(self.folder)
        if service is not None:
            return service
        for copy in self.good:
            try:
                service = load(copy, prompts=self.folder / PROMPTS)
            except Problems:
                continue
            self._refused()
            return service
        raise Problems(self.problems)

    def _refused(self) -> None:
        errors = [problem for problem in self.problems if problem.severity == "error"]
        first = Message("problem", place=errors[0].place, words=errors[0].message)
        if len(errors) > 1:
            first = Message("first-and-more", first=first, more=len(errors) - 1)
        self.problem = Message("configuration-broken", first=first)
        log.error("configuration-refused", problem=told(self.problem, preferred()))
