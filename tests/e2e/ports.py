"""Free ports for a hotline of a test's own, and what became of them afterwards."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"
FIRST, LAST = 20000, 32000
"""Below the range from which the kernel gives ports to others."""


def is_free(port: int) -> bool:
    """Whether nobody holds the port, in UDP or TCP."""
    with _bound(port, socket.SOCK_DGRAM) as udp, _bound(port, socket.SOCK_STREAM) as tcp:
        return udp and tcp


def free_run(length: int, *, seed: int) -> int:
    """The first of ``length`` free ports in a row; ``seed`` (a process id) keeps two test runs apart."""
    places = range(FIRST, LAST - length, length)
    start = seed % len(places)
    for first in (*places[start:], *places[:start]):
        if all(is_free(port) for port in range(first, first + length)):
            return first
    raise RuntimeError(f"no {length} free ports in a row between {FIRST} and {LAST}")


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
