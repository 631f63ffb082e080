"""Whether this machine lets the hotline have its ports, told before anything is started."""

from __future__ import annotations

import errno
import socket
from collections import defaultdict
from collections.abc import Iterator

from ivr.messages import Message, trouble
from ivr.settings import Settings

LOOPBACK = "127.0.0.1"
_KINDS = {"TCP": socket.SOCK_STREAM, "UDP": socket.SOCK_DGRAM}


def port_faults(settings: Settings) -> Iterator[Message]:
    """Each port that cannot be had, in words that name the variable to set."""
    yield from _clashes(settings)
    for variable, protocol, address, port in (
        ("IVR_SIP_PORT", "UDP", settings.bind, settings.sip_port),
        ("IVR_SIP_PORT", "TCP", settings.bind, settings.sip_port),
        ("IVR_HTTP_PORT", "TCP", settings.http_bind, settings.http_port),
        ("IVR_AGI_PORT", "TCP", LOOPBACK, settings.agi_port),
        ("IVR_AMI_PORT", "TCP", LOOPBACK, settings.ami_port),
        ("IVR_WS_PORT", "TCP", LOOPBACK, settings.ws_port),
    ):
        error = _refusal(protocol, address, port)
        if error is not None:
            yield _words(variable, protocol, address, port, error)


def _clashes(settings: Settings) -> Iterator[Message]:
    """Ports of ours that are in each other's way."""
    users = defaultdict(list)
    for variable, port in (
        ("IVR_SIP_PORT", settings.sip_port),
        ("IVR_HTTP_PORT", settings.http_port),
        ("IVR_AGI_PORT", settings.agi_port),
        ("IVR_AMI_PORT", settings.ami_port),
        ("IVR_WS_PORT", settings.ws_port),
    ):
        users[port].append(variable)
    for port, variables in users.items():
        if len(variables) > 1:
            yield trouble(Message("ports-same", variables=tuple(variables), port=port), Message("ports-same-mend"))
    first, last = settings.rtp_ports
    if first <= settings.sip_port <= last:
        found = Message("ports-sound", port=settings.sip_port, first=first, last=last)
        yield trouble(found, Message("ports-sound-mend"))


def _refusal(protocol: str, address: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, _KINDS[protocol]) as probe:
            if protocol == "TCP":  # as the servers do: a closed connection's ghost is no holder
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        return error
    return None


def _words(variable: str, protocol: str, address: str, port: int, error: OSError) -> Message:
    if error.errno == errno.EADDRINUSE:
        return trouble(
            Message("port-taken", protocol=protocol, port=port), Message("port-taken-mend", variable=variable)
        )
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        bind = "IVR_HTTP_BIND" if variable == "IVR_HTTP_PORT" else "IVR_BIND"
        return trouble(Message("address-none", address=address), Message("address-none-mend", variable=bind))
    why = error.strerror or str(error)
    found = Message("port-unusable", protocol=protocol, port=port, address=address, why=why)
    return trouble(found, Message("port-unusable-mend", variable=variable))
