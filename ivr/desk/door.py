"""The file by which the command line finds the running hotline: its URL and the token of this run of the engine."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from ivr.desk.access import EngineToken


@dataclass(frozen=True, slots=True)
class Door:
    """Where the API of the hotline answers, and the key to it; ``sip_port``: where phones register."""

    url: str
    token: str
    pid: int
    sip_port: int


def path(state: Path) -> Path:
    """The file in the state folder."""
    return state / "run" / "api.json"


@contextmanager
def opened(state: Path, bind: str, port: int, token: EngineToken, *, sip_port: int) -> Iterator[Door]:
    """The file is there, for this user alone, for as long as this lasts. Raises OSError."""
    door = Door(local_url(bind, port), token.value, os.getpid(), sip_port)
    _write(path(state), door)
    try:
        yield door
    finally:
        if read(state) == door:
            with contextlib.suppress(OSError):
                path(state).unlink()


def read(state: Path) -> Door | None:
    """What the file says; None when there is none or it cannot be understood. Raises PermissionError."""
    try:
        fields = json.loads(path(state).read_bytes())
        return Door(str(fields["url"]), str(fields["token"]), int(fields["pid"]), int(fields["sip_port"]))
    except PermissionError:
        raise
    except (OSError, ValueError, KeyError, TypeError):
        return None


def local_url(bind: str, port: int) -> str:
    """The URL at which this machine reaches a server bound to ``bind``."""
    address = ip_address(bind)
    if address.is_unspecified:
        address = ip_address("::1" if isinstance(address, IPv6Address) else "127.0.0.1")
    host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    return f"http://{host}:{port}"


def _write(file: Path, door: Door) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        new.unlink()
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(asdict(door), stream)
    new.replace(file)
