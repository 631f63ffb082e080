"""Ports for what a test starts. Tests run side by side, of one run and of others: no two are given the same port.

Who looks for a free port and binds it later may be overtaken. So blocks of ports below the range from which the kernel
gives to others are claimed, by an abstract Unix socket of that name: the kernel lets one process hold it, and takes it
back from a dead one.
"""

from __future__ import annotations

import functools
import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

LOOPBACK = "127.0.0.1"
SINGLE = range(20_000, 24_000, 40)
"""Where blocks begin from which a process takes one port at a time: above the usual ports for sound."""
WHOLE = range(24_000, 32_500, 250)
"""Where blocks begin that are for a hotline each."""


def free(count: int = 1) -> list[int]:
    """Ports that nobody holds on loopback, in UDP or TCP; this process is given the same again after many others."""
    return list(itertools.islice(filter(is_free, _ours()), count))


@contextmanager
def block() -> Iterator[int]:
    """The first of 250 free ports in a row, which are nobody else's for the length of the block."""
    first, claim = _claimed(WHOLE)
    with closing(claim):
        yield first


def is_free(port: int) -> bool:
    """Whether nobody holds the port, in UDP or TCP."""
    with _bound(port, socket.SOCK_DGRAM) as udp, _bound(port, socket.SOCK_STREAM) as tcp:
        return udp and tcp


@functools.cache
def _ours() -> Iterator[int]:
    """The ports of one block, again and again; it is this process's as long as it lives."""
    first, claim = _claimed(SINGLE)
    return (port for _ in iter(lambda: claim, None) for port in range(first, first + SINGLE.step))


def _claimed(places: range) -> tuple[int, socket.socket]:
    """A block's first port, and what holds the block until it is closed."""
    start = os.getpid() % len(places)
    for first in (*places[start:], *places[:start]):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0kommutator-test-ports-{first}")
        except OSError:
            claim.close()
            continue
        if all(is_free(port) for port in range(first, first + places.step)):
            return first, claim
        claim.close()
    raise RuntimeError(f"no {places.step} free ports in a row between {places.start} and {places.stop}")


@contextmanager
def _bound(port: int, kind: socket.SocketKind) -> Iterator[bool]:
    with socket.socket(socket.AF_INET, kind) as sock:
        if kind is socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a closed connection's ghost is no holder
        try:
            sock.bind((LOOPBACK, port))
        except OSError:
            yield False
        else:
            yield True
