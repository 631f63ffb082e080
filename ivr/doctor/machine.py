"""Does this machine give the hotline what it needs: ports, a name, room?"""

from __future__ import annotations

import fcntl
import shutil
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr.doctor.finding import Finding, Level
from ivr.doctor.place import nearest, writable
from ivr.messages import Message
from ivr.ports import port_faults
from ivr.recordings import RESERVE
from ivr.settings import Settings

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
"""Before this there was no Kommutator: a clock that says so was never set."""

NAME_SECONDS = 1.0
"""The longest that finding this machine's own address may take: Asterisk asks for it too."""


def ports(settings: Settings) -> Iterator[Finding]:
    """Free, or held by this hotline itself."""
    about = Message("about-ports")
    if running(settings):
        yield Finding(about, Level.OK, Message("ports-ours"))
        return
    faults = list(port_faults(settings))
    for fault in faults:
        yield Finding.of(about, Level.FAIL, fault)
    if not faults:
        yield Finding(about, Level.OK, Message("ports-free"))


def running(settings: Settings) -> bool:
    """Whether a hotline runs in this IVR_STATE. Raises OSError when this user may not look."""
    lock = settings.state / "run/lock"
    if not lock.exists():
        return False
    with lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def network(settings: Settings) -> Iterator[Finding]:
    """Who can call, and whether this machine knows its own address."""
    everywhere = [part for part in settings.trunk if ip_network(part).prefixlen == 0]
    if everywhere:
        words = Message("trunk-anybody", networks=", ".join(everywhere))
        yield Finding("IVR_TRUNK", Level.WARN, words, Message("trunk-anybody-mend"))
    bind = ip_address(settings.bind)
    if not bind.is_loopback and all(ip_network(part).is_loopback for part in settings.trunk):
        words = Message("trunk-nobody", networks=", ".join(settings.trunk))
        yield Finding("IVR_TRUNK", Level.WARN, words, Message("trunk-nobody-mend"))
    if bind.is_loopback:
        yield Finding("IVR_BIND", Level.OK, Message("bind-local", address=str(bind)))
    yield _host_name(at_risk=bind.is_unspecified)


def _host_name(*, at_risk: bool) -> Finding:
    about = Message("about-host-name")
    name, seconds = socket.gethostname(), _resolving()
    mend = Message("host-mend", name=name)
    if seconds is None:
        return Finding(about, Level.FAIL if at_risk else Level.WARN, Message("host-unknown", name=name), mend)
    if seconds > NAME_SECONDS / 2:
        return Finding(about, Level.WARN, Message("host-slow", name=name, seconds=seconds), mend)
    return Finding(about, Level.OK, Message("host-known", name=name))


def _resolving() -> float | None:
    """Seconds that this machine's own name takes to resolve; None when it does not in time."""
    began = time.monotonic()
    pool = ThreadPoolExecutor(1)
    try:
        pool.submit(socket.gethostbyname, socket.gethostname()).result(NAME_SECONDS)
    except (OSError, TimeoutError):
        return None
    finally:
        pool.shutdown(wait=False)
    return time.monotonic() - began


def clock(_: Settings) -> Iterator[Finding]:
    """Tickets are dated, and hours kept, by the machine's clock and the time zones that it knows."""
    about, now = Message("about-clock"), datetime.now(UTC)
    if now < LONG_AGO:
        words = Message("clock-unset", date=f"{now:%Y-%m-%d}")
        yield Finding(about, Level.FAIL, words, Message("clock-unset-mend"))
        return
    try:
        ZoneInfo("Europe/Moscow")
    except ZoneInfoNotFoundError:
        yield Finding(about, Level.FAIL, Message("clock-no-zones"), Message("clock-no-zones-mend"))
        return
    yield Finding(about, Level.OK, Message("clock-says", moment=f"{now:%Y-%m-%d %H:%M}"))


def disk(settings: Settings) -> Iterator[Finding]:
    """Room for events and recordings."""
    for variable, folder in (("IVR_STATE", settings.state), ("IVR_RECORDINGS", settings.recordings)):
        free = shutil.disk_usage(nearest(folder)).free
        words = Message("room", megabytes=free // 1_000_000, folder=str(folder))
        if not writable(folder):
            unwritable = Message("folder-unwritable", folder=str(folder))
            yield Finding(variable, Level.FAIL, unwritable, Message("folder-unwritable-mend", variable=variable))
        elif free < RESERVE:
            yield Finding(variable, Level.FAIL, words, Message("room-mend"))
        else:
            yield Finding(variable, Level.OK, words)
