"""Where one hotline's Asterisk keeps its things, and the secrets between it and the engine."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.asterisk.installation import Installation
from ivr.private_file import write_private
from ivr.settings import Settings

_SOCKET_PATH = 100
"""A Unix socket's path may be 107 bytes long; Asterisk adds ``/asterisk.ctl``."""


@dataclass(frozen=True, slots=True)
class OperatorPhone:
    """What Asterisk must know of an operator's phone. ``ha1``: of ivr.sip_digest; ``browser``: it is one in a page."""

    id: str
    ha1: str
    browser: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """One hotline's Asterisk: folders below ``settings.state``, its installation, its operators' phones.

    ``sounds``: what the dialplan itself says when no engine is there: name -> path without ending.
    """

    settings: Settings
    installation: Installation
    ami_secret: str
    sounds: Mapping[str, str]

    @property
    def home(self) -> Path:
        """Everything of Asterisk's."""
        return home(self.settings)

    @property
    def etc(self) -> Path:
        """Generated configuration."""
        return etc(self.settings)

    @property
    def run(self) -> Path:
        """Control socket and process id; in the system's folder for temporary files when ours is too long a path."""
        path = self.home / "run"
        if len(str(path)) < _SOCKET_PATH - len("/asterisk.ctl"):
            return path
        mark = hashlib.sha256(str(path).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"kommutator-{os.getuid()}-{mark}"

    @property
    def log(self) -> Path:
        """Asterisk's log."""
        return self.home / "log"


def home(settings: Settings) -> Path:
    """Everything of this hotline's Asterisk."""
    return settings.state / "asterisk"


def etc(settings: Settings) -> Path:
    """Its generated configuration."""
    return home(settings) / "etc"


def departures(settings: Settings) -> Path:
    """Where the dialplan tells of calls that ended without the engine's last word (ivr.asterisk.departures)."""
    return home(settings) / "departures.csv"


def fallback(settings: Settings) -> Path:
    """Voice messages that were left while no engine was there: ``<unique id>.wav``."""
    return settings.recordings / "fallback"


def ami_secret(settings: Settings) -> str:
    """The manager interface's secret: made once, kept with mode 0600."""
    path = home(settings) / "manager.secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, secrets.token_hex(24))
    return path.read_text().strip()


def caller_password(settings: Settings) -> str:
    """What the page of a caller's phone proves itself with, in development: made once, kept with mode 0600."""
    path = home(settings) / "caller.secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, secrets.token_hex(24))
    return path.read_text().strip()


def check_ids(operators: Iterable[OperatorPhone]) -> list[OperatorPhone]:
    """The operators, in order. Raises ValueError for an id or a hash that is none."""
    phones = sorted(operators, key=lambda phone: phone.id)
    for phone in phones:
        safe = phone.id.isascii() and phone.id.replace("-", "").isalnum() and phone.id[:1].isalpha()
        hashed = len(phone.ha1) == 32 and all(letter in "0123456789abcdef" for letter in phone.ha1)
        if not safe or not hashed or phone.id.startswith("kommutator"):
            raise ValueError(f"not an operator's id and hash: {phone.id!r}")
    return phones
