"""The service that is live: replaced only by one that passes every check, and kept for the next start."""

from __future__ import annotations

import shutil
from pathlib import Path

import structlog

from ivr.flow.checks import examine
from ivr.flow.problem import Problem, Problems
from ivr.flow.service import PROMPTS, Service, load

log = structlog.get_logger(__name__)

LAST_GOOD = "last-good"
"""The folder in IVR_STATE that keeps the last configuration that passed."""


class LiveService:
    """Holds the current service. ``problem`` says, in words, why what the folder holds is not what is live."""

    def __init__(self, folder: Path, state: Path) -> None:
        """Load ``folder``, else the last good copy in ``state``. Raises Problems when there is neither."""
        self.folder, self.kept = folder, state / LAST_GOOD
        self.problem: str | None = None
        self.problems: tuple[Problem, ...] = ()
        self.current = self._first()

    def judge(self, service: Service | None, problems: tuple[Problem, ...]) -> Service | None:
        """What came of examining the folder: a service that passed, for ``adopt``, or None and ``problem`` says why."""
        self.problems = problems
        if service is None:
            self._refused()
        else:
            self.problem = None
        return service

    def adopt(self, service: Service) -> None:
        """This service, which passed every check and whose prompts can be said, is live from now on."""
        if service.version != self.current.version:
            self.current = service
            self._keep(service)
            log.info("configuration-live", version=service.version)

    def _first(self) -> Service:
        service, self.problems = examine(self.folder)
        if service is not None:
            self._keep(service)
            return service
        for copy in (self.kept, self.kept.with_suffix(".old")):
            try:
                service = load(copy, prompts=self.folder / PROMPTS)
            except Problems:
                continue
            self._refused()
            return service
        raise Problems(self.problems)

    def _refused(self) -> None:
        errors = [problem for problem in self.problems if problem.severity == "error"]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        self.problem = f"the configuration is broken, the last good one is live: {errors[0]}{more}"
        log.error("configuration-refused", problem=self.problem)

    def _keep(self, service: Service) -> None:
        """Write the files as they were read, whole or not at all; a failure is logged and changes nothing."""
        new, old = self.kept.with_suffix(".new"), self.kept.with_suffix(".old")
        try:
            shutil.rmtree(new, ignore_errors=True)
            for name, source in service.sources.items():
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(source.raw)
            shutil.rmtree(old, ignore_errors=True)
            if self.kept.exists():
                self.kept.replace(old)
            new.replace(self.kept)
        except OSError as error:
            log.error("last-good-copy-not-kept", error=error.strerror)
