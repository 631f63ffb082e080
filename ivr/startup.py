"""Everything between a fresh clone and a running hotline, one step after the other, each told as it goes."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ivr.asterisk.configuration import write
from ivr.asterisk.installation import Installation, find
from ivr.asterisk.site import OperatorPhone, Site, ami_secret
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.provide import places, render
from ivr.settings import Settings
from ivr.speech import UnknownPrompt
from ivr.tickets.database import Database
from ivr.tickets.operators import Operators

Progress = Callable[[str], None]

STATIC_PROMPTS = ("please-hold", "nobody-available", "leave-message")
"""What Asterisk says by itself when no engine is there, in the first of the languages."""


class StartError(Exception):
    """The hotline cannot be started; the message says what to mend."""


def prepare(settings: Settings, progress: Progress) -> Site:
    """Asterisk, prompts, database, configuration. Raises what each of its steps does, and StartError."""
    settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    installation = install(settings, progress)
    operators = asyncio.run(_migrated(settings))
    site = Site(settings, installation, ami_secret(settings), _static_sounds(settings))
    write(site, operators)
    return site


def install(settings: Settings, progress: Progress) -> Installation:
    """Asterisk and the prompts' sounds: what is there already is not touched."""
    installation = find(mirror=settings.debian_mirror, progress=progress)
    render(settings, progress)
    return installation


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """One hotline for one state folder. Raises StartError when another one has it."""
    path = settings.state / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            words = f"a hotline is running in {settings.state} already: stop it, or set IVR_STATE to another folder"
            raise StartError(words) from None
        yield


def check_ports(settings: Settings) -> None:
    """Raises StartError for the first port that cannot be had, naming the variable to set."""
    for fault in port_faults(settings):
        raise StartError(fault)


def port_faults(settings: Settings) -> Iterator[str]:
    """Each port that cannot be had, in words that name the variable to set."""
    kinds = {"TCP": socket.SOCK_STREAM, "UDP": socket.SOCK_DGRAM}
    for variable, protocol, address, port in (
        ("IVR_SIP_PORT", "UDP", settings.bind, settings.sip_port),
        ("IVR_SIP_PORT", "TCP", settings.bind, settings.sip_port),
        ("IVR_HTTP_PORT", "TCP", settings.bind, settings.http_port),
        ("IVR_AGI_PORT", "TCP", "127.0.0.1", settings.agi_port),
        ("IVR_AMI_PORT", "TCP", "127.0.0.1", settings.ami_port),
    ):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, kinds[protocol]) as probe:
            if protocol == "TCP":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                yield _port_words(variable, protocol, address, port, error)


def _port_words(variable: str, protocol: str, address: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{protocol} port {port} is in use by another program: end it, or set {variable} to a free port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"this machine has no address {address}: set IVR_BIND to one that it has, or to 0.0.0.0"
    return f"{protocol} port {port} at {address} cannot be used ({error.strerror}): set {variable} to another"


async def _migrated(settings: Settings) -> list[OperatorPhone]:
    """The database in this version's shape; the operators that it knows."""
    database = Database(settings.database_url)
    try:
        await database.migrate()
        return [OperatorPhone(operator.id, operator.ha1) for operator in await Operators(database).list()]
    finally:
        await database.close()


def _static_sounds(settings: Settings) -> dict[str, str]:
    catalogue = Catalogue.load(*places(settings))
    sounds: dict[str, str] = {}
    for name in STATIC_PROMPTS:
        with suppress(UnknownPrompt, IndexError):
            first = catalogue.say(name, catalogue.languages[0])[0]
            if first.audio is not None and Path(first.audio).with_suffix(".wav").exists():
                sounds[name] = first.audio
    return sounds
