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
from ivr.ports import port_faults
from ivr.recordings import RESERVE
from ivr.settings import Settings

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
"""Before this there was no Kommutator: a clock that says so was never set."""

NAME_SECONDS = 1.0
"""The longest that finding this machine's own address may take: Asterisk asks for it too."""


def ports(settings: Settings) -> Iterator[Finding]:
    """Free, or held by this hotline itself."""
    if running(settings):
        yield Finding("ports", Level.OK, "held by the hotline that runs in this IVR_STATE")
        return
    faults = list(port_faults(settings))
    for fault in faults:
        what, _, mend = fault.partition(": ")
        yield Finding("ports", Level.FAIL, what, mend)
    if not faults:
        yield Finding("ports", Level.OK, "free")


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
        words = f"calls are accepted from anybody ({', '.join(everywhere)})"
        yield Finding("IVR_TRUNK", Level.WARN, words, "give the carrier's networks only")
    bind = ip_address(settings.bind)
    if not bind.is_loopback and all(ip_network(part).is_loopback for part in settings.trunk):
        words = f"calls are accepted from this machine only ({', '.join(settings.trunk)})"
        yield Finding("IVR_TRUNK", Level.WARN, words, "give the carrier's networks")
    if bind.is_loopback:
        yield Finding("IVR_BIND", Level.OK, f"{bind}: only this machine can call (0.0.0.0 lets others in)")
    name, seconds = socket.gethostname(), _resolving()
    mend = f"add the line `127.0.1.1 {name}` to /etc/hosts"
    if seconds is None:
        words = f"{name} has no address: Asterisk asks for it, and calls may be answered late or never"
        yield Finding("host name", Level.FAIL if bind.is_unspecified else Level.WARN, words, mend)
    elif seconds > NAME_SECONDS / 2:
        yield Finding("host name", Level.WARN, f"{name} took {seconds:.1f} s to resolve", mend)
    else:
        yield Finding("host name", Level.OK, f"{name} resolves")


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
    now = datetime.now(UTC)
    if now < LONG_AGO:
        yield Finding("clock", Level.FAIL, f"it says {now:%Y-%m-%d}", "set it, and keep it right (chrony)")
        return
    try:
        ZoneInfo("Europe/Moscow")
    except ZoneInfoNotFoundError:
        yield Finding("clock", Level.FAIL, "no time zones are known", "run `make setup` anew, or install tzdata")
        return
    yield Finding("clock", Level.OK, f"{now:%Y-%m-%d %H:%M} UTC")


def disk(settings: Settings) -> Iterator[Finding]:
    """Room for events and recordings."""
    for variable, folder in (("IVR_STATE", settings.state), ("IVR_RECORDINGS", settings.recordings)):
        free = shutil.disk_usage(nearest(folder)).free
        words = f"{free // 1_000_000:,} MB free for {folder}"
        if not writable(folder):
            mend = f"give this user the right to write there, or set {variable} to another folder"
            yield Finding(variable, Level.FAIL, f"{folder} cannot be written", mend)
        elif free < RESERVE:
            yield Finding(variable, Level.FAIL, words, "free some space, or set it to a folder on another disk")
        else:
            yield Finding(variable, Level.OK, words)
