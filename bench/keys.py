"""Keys as RFC 4733 events in a pcap file, which SIPp plays into a call."""

from __future__ import annotations

import struct
from pathlib import Path

EVENT = 101
KEYS = "0123456789*#"
_SAMPLES = 8  # a millisecond


def write_keys(path: Path, keys: str, *, length: int = 60, gap: int = 90, lead: int = 100) -> Path:
    """``keys`` after ``lead`` ms, each ``length`` ms long with ``gap`` ms after it.

    Each is two packets, its beginning and its end: loopback loses none, and more would measure SIPp.
    """
    packets: list[tuple[int, bytes]] = []
    for index, key in enumerate(keys):
        began = lead + index * (length + gap)
        stamp = began * _SAMPLES
        packets.append((began, _event(key, stamp, 20 * _SAMPLES, last=False, first=True)))
        packets.append((began + length, _event(key, stamp, length * _SAMPLES, last=True)))
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for sequence, (at, event) in enumerate(packets, 1):
            frame = _frame(sequence, event)
            out.write(struct.pack("<IIII", at // 1000, at % 1000 * 1000, len(frame), len(frame)) + frame)
    return path


def _event(key: str, stamp: int, length: int, *, last: bool, first: bool = False) -> bytes:
    """The RTP packet without its sequence number, which the frame adds."""
    kind = EVENT | (0x80 if first else 0)
    payload = struct.pack("!BBH", KEYS.index(key), 0x80 | 10 if last else 10, length)
    return struct.pack("!BBHII", 0x80, kind, 0, stamp, 0x4B4F4D4D) + payload


def _frame(sequence: int, packet: bytes) -> bytes:
    """Ethernet, IPv4 and UDP around it; SIPp puts its own addresses in."""
    packet = packet[:2] + struct.pack("!H", sequence) + packet[4:]
    udp = struct.pack("!HHHH", 6000, 6000, 8 + len(packet), 0) + packet
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
    return b"\0" * 12 + b"\x08\0" + ip + udp
