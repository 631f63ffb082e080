"""/api/v1/dialplans: the configuration that the hotline runs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from ivr.desk.problems import Problem, Wrong
from ivr.desk.roles import ADMINS
from ivr.desk.routes import Routes
from ivr.flow.problem import Problem as Fault

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What came of reading the configuration again. ``accepted``: ``version`` is live; otherwise what was stays.

    ``why``: in words, when it is not accepted for a reason that stands in no file (no voice for a prompt).
    """

    accepted: bool
    version: str
    problems: tuple[Fault, ...] = ()
    why: str = ""


class ReloadAnswer(BaseModel):
    """The configuration of this version is live. ``warnings``: what is not wrong enough to keep it back."""

    version: str
    warnings: list[Wrong]


class Configuration(Protocol):
    """The running hotline's configuration."""

    async def reload(self) -> Reloaded:
        """Read, check and, if it passes, swap in; calls in progress stay on what they began with."""
        ...


CONFIGURATION: web.AppKey[Configuration] = web.AppKey("configuration", Configuration)

routes = Routes()


@routes.post("/api/v1/dialplans/reload", roles=ADMINS)
async def reload_dialplans(request: web.Request) -> ReloadAnswer:
    """Read regions.yaml and dialplans/ again; what does not pass the check changes nothing."""
    done = await request.app[CONFIGURATION].reload()
    if not done.accepted:
        told = _told(done.problems, "error") or [Wrong(pointer="configuration", detail=done.why)]
        raise Problem("configuration-wrong", said=told)
    return ReloadAnswer(version=done.version, warnings=_told(done.problems, "warning"))


def _told(faults: Sequence[Fault], severity: str) -> list[Wrong]:
    return [
        Wrong(pointer=f"{each.file}:{each.line}:{each.column}", detail=f"{each.reason}: {each.text}; {each.mend}")
        for each in faults
        if each.severity == severity
    ][:_SHOWN]
