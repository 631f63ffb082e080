"""/api/v1/dialplans: the configuration that the hotline runs on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from ivr.desk.failures import language
from ivr.desk.problems import Problem, Said, Wrong
from ivr.desk.roles import ADMINS, LEADERS
from ivr.desk.routes import PRINCIPAL, Routes
from ivr.flow.problem import Problem as Fault
from ivr.golive.versions import Change, UnknownVersion
from ivr.messages import Message

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What came of reading the configuration again. ``accepted``: ``version`` is live; otherwise what was stays.

    ``why``: a message, when it is not accepted for a reason that stands in no file (no voice for a prompt).
    """

    accepted: bool
    version: str
    problems: tuple[Fault, ...] = ()
    why: str = ""


class ReloadAnswer(BaseModel):
    """The configuration of this version is live. ``warnings``: what is not wrong enough to keep it back."""

    version: str
    warnings: list[Wrong]


class Wanted(BaseModel):
    """What is asked for. ``why``: kept with the version, for those who read `ivr versions` later."""

    model_config = ConfigDict(extra="forbid")

    why: str = Field("", max_length=500)


class WantedBack(Wanted):
    """``version``: how it begins; "" is the one that was live before this one."""

    version: str = Field("", pattern=r"^[0-9a-f]{0,64}$")


class Kept(BaseModel):
    """One change. ``at``: seconds since 1970; not ``live``: put aside by a rollback."""

    version: str
    at: float
    who: str
    why: str
    live: bool


class KeptVersions(BaseModel):
    """Every change that is remembered, the newest first. ``current``: what calls that begin now run on."""

    current: str
    changes: list[Kept]


class History(Protocol):
    """What was live before."""

    def changes(self) -> Sequence[Change]:
        """The oldest first. Raises OSError."""
        ...


class Configuration(Protocol):
    """The running hotline's configuration."""

    @property
    def version(self) -> str:
        """The one that is live."""
        ...

    @property
    def versions(self) -> History:
        """Those that were."""
        ...

    async def reload(self, who: str, why: str = "") -> Reloaded:
        """Read, check and, if it passes, swap in; calls in progress stay on what they began with."""
        ...

    async def roll_back(self, wanted: str, who: str, why: str = "") -> Reloaded:
        """Write a kept version's files back and swap it in. Raises UnknownVersion, OSError."""
        ...


CONFIGURATION: web.AppKey[Configuration] = web.AppKey("configuration", Configuration)

routes = Routes()


@routes.post("/api/v1/dialplans", roles=ADMINS)
async def reload_dialplans(request: web.Request, body: Wanted) -> ReloadAnswer:
    """Read regions.yaml and dialplans/ again; what does not pass the check changes nothing."""
    return _answer(await request.app[CONFIGURATION].reload(request[PRINCIPAL].name, body.why), language(request))


@routes.post("/api/v1/dialplans/rollback", roles=ADMINS)
async def roll_back(request: web.Request, body: WantedBack) -> ReloadAnswer:
    """Make a kept version live again, and write its files over those in the folder, which are kept as a version too."""
    try:
        done = await request.app[CONFIGURATION].roll_back(body.version, request[PRINCIPAL].name, body.why)
    except UnknownVersion as error:
        raise Problem("version-unknown", version=body.version) from error
    except OSError as error:
        words = Message("files-unwritable", why=str(error.strerror))
        raise Problem("configuration-wrong", said=[Said("configuration", words)]) from None
    return _answer(done, language(request))


@routes.get("/api/v1/dialplans/versions", roles=LEADERS)
async def versions(request: web.Request) -> KeptVersions:
    """What was live when, by whom and why."""
    configuration = request.app[CONFIGURATION]
    changes = await asyncio.to_thread(configuration.versions.changes)
    return KeptVersions(current=configuration.version, changes=[Kept(**asdict(each)) for each in reversed(changes)])


def _answer(done: Reloaded, language: str) -> ReloadAnswer:
    if not done.accepted:
        why = Said("configuration", done.why)
        raise Problem("configuration-wrong", said=faults_said(done.problems, "error") or [why])
    warnings = [each.told(language) for each in faults_said(done.problems, "warning")]
    return ReloadAnswer(version=done.version, warnings=warnings)


def faults_said(faults: Sequence[Fault], severity: str) -> list[Said]:
    """Those of this severity, each with its place and its mend."""
    found = [each for each in faults if each.severity == severity][:_SHOWN]
    return [Said(each.place, each.message) for each in found]
