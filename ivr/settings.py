"""What may differ between two hotlines on one machine: read once from the environment, passed on by argument."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from ivr.flow.problem import did_you_mean
from ivr.messages import Message, trouble

PROJECT = Path(__file__).resolve().parent.parent
"""The folder of regions.yaml, dialplans/ and recordings/."""

VARIABLES: dict[str, tuple[str, str]] = {
    "IVR_STATE": ("state", "folder for all that is written"),
    "IVR_BIND": ("127.0.0.1", "address of SIP and RTP; 0.0.0.0 for phones on other machines"),
    "IVR_SIP_PORT": ("5060", "SIP, UDP and TCP"),
    "IVR_HTTP_BIND": (
        "127.0.0.1",
        "address of the API (IVR_BIND if that is of loopback): not encrypted, so stay local",
    ),
    "IVR_HTTP_PORT": ("8080", "API, health and metrics"),
    "IVR_AGI_PORT": ("4573", "FastAGI, loopback only"),
    "IVR_AMI_PORT": ("5038", "Asterisk's manager interface, loopback only"),
    "IVR_WS_PORT": ("8088", "Asterisk's WebSocket, which browsers' phones reach through the API, loopback only"),
    "IVR_RTP_PORTS": ("10000-10999", "UDP ports for sound, first-last"),
    "IVR_DATABASE_URL": ("sqlite in IVR_STATE", "sqlite:///FILE or postgresql://USER@HOST/NAME"),
    "IVR_REDIS_URL": ("none: this engine routes by itself", "redis://HOST:PORT/0 where several engines meet"),
    "IVR_ENGINE": ("host name and IVR_HTTP_PORT", "this engine's name among them, the same after a restart"),
    "IVR_KEY": ("made in IVR_STATE/keys", "keys of 32 bytes in base64 that encrypt personal data, the newest first"),
    "IVR_KEY_FILE": ("IVR_STATE/keys", "file of such keys, one a line, instead of IVR_KEY"),
    "IVR_TRUNK": ("127.0.0.0/8", "addresses that calls are accepted from, comma-separated networks"),
    "IVR_CARRIER": ("nobody", "host or host:port that takes calls to numbers outside (transfer)"),
    "IVR_CONFIG": (".", "folder of regions.yaml, dialplans/ and recordings/prompts/"),
    "IVR_RECORDINGS": ("recordings/calls", "folder of recorded calls (in IVR_STATE if that is set)"),
    "IVR_MODE": (
        "development where IVR_BIND and IVR_HTTP_BIND are of loopback",
        "development: anybody on this machine may call from the page /phone; production: nobody may",
    ),
    "IVR_LANGUAGE": ("the locale's", "language of commands and of what is logged for admins: en or ru"),
    "IVR_DEBIAN_MIRROR": ("the host's own", "where Asterisk and voices are fetched from"),
}
"""Every variable: its default and what it is for. ``ivr run --help`` lists them."""


class SettingsError(ValueError):
    """A variable's value cannot be used; the message says which, why and what would do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One hotline's places and ports."""

    state: Path
    config: Path
    recordings: Path
    bind: str
    http_bind: str
    sip_port: int
    http_port: int
    agi_port: int
    ami_port: int
    ws_port: int
    development: bool
    rtp_ports: tuple[int, int]
    database_url: str
    trunk: tuple[str, ...]
    debian_mirror: str | None
    carrier: str = ""
    redis_url: str = field(default="", repr=False)
    engine: str = ""
    key: str | None = field(default=None, repr=False)
    key_file: Path | None = None

    @property
    def sip_host(self) -> str:
        """The address as it stands before a port."""
        return f"[{self.bind}]" if ":" in self.bind else self.bind

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Settings of these variables. Raises SettingsError, naming the variable and the mend."""
        state = Path(env.get("IVR_STATE") or PROJECT / "state").resolve()
        recordings = state / "recordings/calls" if env.get("IVR_STATE") else PROJECT / "recordings/calls"
        return cls(
            state=state,
            config=Path(env.get("IVR_CONFIG") or PROJECT).resolve(),
            recordings=Path(env.get("IVR_RECORDINGS") or recordings).resolve(),
            bind=_address(env, "IVR_BIND"),
            http_bind=_http_address(env),
            sip_port=_port(env, "IVR_SIP_PORT"),
            http_port=_port(env, "IVR_HTTP_PORT"),
            agi_port=_port(env, "IVR_AGI_PORT"),
            ami_port=_port(env, "IVR_AMI_PORT"),
            ws_port=_port(env, "IVR_WS_PORT"),
            development=_development(env),
            rtp_ports=_ports(env, "IVR_RTP_PORTS"),
            database_url=_database(env.get("IVR_DATABASE_URL") or f"sqlite:///{state / 'kommutator.db'}"),
            trunk=_networks(env, "IVR_TRUNK"),
            carrier=_carrier(env),
            redis_url=_redis(env),
            engine=_engine(env),
            debian_mirror=env.get("IVR_DEBIAN_MIRROR") or None,
            key=env.get("IVR_KEY") or None,
            key_file=Path(env["IVR_KEY_FILE"]).resolve() if env.get("IVR_KEY_FILE") else None,
        )


def unknown(env: Mapping[str, str] = os.environ) -> list[Message]:
    """Variables that look like ours and are none, each with the one that was meant, perhaps."""
    names = [name for name in env if name.startswith("IVR_") and name not in VARIABLES]
    return [Message("variable-unknown", name=name, mend=did_you_mean(name, VARIABLES)) for name in sorted(names)]


def _wrong(name: str, value: str, mend: Message) -> Message:
    return trouble(Message("setting", name=name, value=repr(value)), mend)


def _given(env: Mapping[str, str], name: str) -> str:
    return env.get(name) or VARIABLES[name][0]


def _address(env: Mapping[str, str], name: str) -> str:
    value = _given(env, name)
    try:
        return str(ip_address(value))
    except ValueError:
        raise SettingsError(_wrong(name, value, Message("setting-address"))) from None


def _http_address(env: Mapping[str, str]) -> str:
    bind = _address(env, "IVR_BIND")
    near = not env.get("IVR_HTTP_BIND") and ip_address(bind).is_loopback
    return bind if near else _address(env, "IVR_HTTP_BIND")


def _port(env: Mapping[str, str], name: str) -> int:
    value = _given(env, name)
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        raise SettingsError(_wrong(name, value, Message("setting-port")))
    return int(value)


def _development(env: Mapping[str, str]) -> bool:
    mode = env.get("IVR_MODE", "")
    if mode not in ("", "development", "production"):
        raise SettingsError(_wrong("IVR_MODE", mode, Message("setting-mode")))
    near = all(ip_address(each).is_loopback for each in (_address(env, "IVR_BIND"), _http_address(env)))
    if mode == "development" and not near:
        raise SettingsError(_wrong("IVR_MODE", mode, Message("setting-mode-far")))
    return near and mode != "production"


def _ports(env: Mapping[str, str], name: str) -> tuple[int, int]:
    first, _, last = _given(env, name).partition("-")
    if not (first.isdigit() and last.isdigit()) or not 1024 <= int(first) < int(last) <= 65535:
        raise SettingsError(_wrong(name, _given(env, name), Message("setting-ports")))
    return int(first), int(last)


def _networks(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts = [part.strip() for part in _given(env, name).split(",") if part.strip()]
    try:
        return tuple(str(ip_network(part, strict=False)) for part in parts)
    except ValueError:
        raise SettingsError(_wrong(name, _given(env, name), Message("setting-networks"))) from None


def _carrier(env: Mapping[str, str]) -> str:
    value = env.get("IVR_CARRIER", "")
    if value and not re.fullmatch(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?", value):
        raise SettingsError(_wrong("IVR_CARRIER", value, Message("setting-carrier")))
    return value


def _redis(env: Mapping[str, str]) -> str:
    """The URL; the message of a refusal does not show it, for it may have a password."""
    url = env.get("IVR_REDIS_URL", "")
    if url and not (re.fullmatch(r"(rediss?://[^/\s]+(/[0-9]{1,3})?|unix:///\S+)", url) and _has_place(url)):
        raise SettingsError(Message("setting-redis"))
    return url


def _has_place(url: str) -> bool:
    """Whether the URL has a machine (or is a socket's), and a port that there can be, if any."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "unix" or bool(parts.hostname and parts.port != 0)
    except ValueError:
        return False


def _engine(env: Mapping[str, str]) -> str:
    name = env.get("IVR_ENGINE", "")
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", name):
        raise SettingsError(_wrong("IVR_ENGINE", name, Message("setting-engine")))
    return name


def _database(url: str) -> str:
    """The URL with the asynchronous driver that SQLAlchemy needs."""
    for given, driven in (
        ("sqlite+aiosqlite://", "sqlite+aiosqlite://"),
        ("postgresql+asyncpg://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
        ("postgresql://", "postgresql+asyncpg://"),
        ("postgres://", "postgresql+asyncpg://"),
    ):
        if url.startswith(given):
            return driven + url.removeprefix(given)
    raise SettingsError(Message("setting-database"))
