"""An operator's phone made of one UDP socket: registers, answers at once, hangs up, and notes the times."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import struct
import time
from collections.abc import Callable

LOOPBACK = "127.0.0.1"
FRAME = 0.02
"""Seconds of sound in a packet."""
_COPIED = re.compile(r"^(?:Via|From|To|Call-ID|CSeq):.*?\r?$", re.M | re.I)


class Agent(asyncio.DatagramProtocol):
    """``free_at``: when the last BYE was sent; ``waits``: from then to the next INVITE, in seconds."""

    def __init__(self, user: str, password: str, port: int, talk: float) -> None:
        self.user, self.password, self.server, self.talk = user, password, (LOOPBACK, port), talk
        self.waits: list[float] = []
        self.free_at: float | None = None
        self.call_id = secrets.token_hex(8)
        self.registered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sequence = 0
        self.in_call: set[str] = set()
        self.paused = False

    async def start(self) -> None:
        """Open the socket and register."""
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(LOOPBACK, 0))
        self.sound, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(LOOPBACK, 0))
        self.own = f"{LOOPBACK}:{self.transport.get_extra_info('sockname')[1]}"
        self._register()
        async with asyncio.timeout(5):
            await self.registered

    def stop(self) -> None:
        """Close the sockets."""
        self.transport.close()
        self.sound.close()

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Answer what Asterisk asks; take in what it answers."""
        text = data.decode("utf-8", "replace")
        answers: dict[str, Callable[[str], None]] = {"INVITE": self._invited, "OPTIONS": self._ok, "BYE": self._ok}
        method = text.split(" ", 1)[0]
        if method in answers:
            answers[method](text)
        elif re.search(r"^CSeq: *\d+ REGISTER", text, re.M | re.I):
            self._registering(text)

    def _registering(self, text: str) -> None:
        if text.startswith("SIP/2.0 401"):
            self._register(dict(re.findall(r'(\w+)="([^"]*)"', _header(text, "WWW-Authenticate"))))
        elif not self.registered.done():
            self.registered.set_result(None)

    def _register(self, challenge: dict[str, str] | None = None) -> None:
        self.sequence += 1
        uri = f"sip:{LOOPBACK}:{self.server[1]}"
        self._send(
            f"REGISTER {uri} SIP/2.0",
            f"From: <sip:{self.user}@{LOOPBACK}>;tag={self.call_id}",
            f"To: <sip:{self.user}@{LOOPBACK}>",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.sequence} REGISTER",
            f"Contact: <sip:{self.user}@{self.own}>;expires=600",
            *([self._digest(challenge, uri)] if challenge else []),
        )

    def _digest(self, challenge: dict[str, str], uri: str) -> str:
        realm, nonce = challenge["realm"], challenge["nonce"]
        ha1, ha2 = _md5(f"{self.user}:{realm}:{self.password}"), _md5(f"REGISTER:{uri}")
        answer = _md5(f"{ha1}:{nonce}:00000001:{self.call_id}:auth:{ha2}")
        return (
            f'Authorization: Digest username="{self.user}",realm="{realm}",nonce="{nonce}",uri="{uri}",'
            f'response="{answer}",qop=auth,nc=00000001,cnonce="{self.call_id}",algorithm=MD5'
            + (f',opaque="{challenge["opaque"]}"' if "opaque" in challenge else "")
        )

    def _invited(self, text: str) -> None:
        call_id = _header(text, "Call-ID")
        if call_id in self.in_call:
            return
        self.in_call.add(call_id)
        if self.free_at is not None:
            self.waits.append(time.perf_counter() - self.free_at)
            self.free_at = None
        sdp = f"v=0\r\no=- 1 1 IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\n"
        sdp += f"m=audio {self.sound.get_extra_info('sockname')[1]} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
        self._reply(text, "200 OK", sdp)
        loop = asyncio.get_running_loop()
        port = int(_header(text, "m=audio", " ").partition(" ")[0])
        for number in range(int(self.talk / FRAME)):
            loop.call_later(number * FRAME, self._speak, port, number)
        loop.call_later(self.talk, self._bye, text)

    def _speak(self, port: int, number: int) -> None:
        """A packet of sound: a conversation has something to be recorded."""
        head = struct.pack("!BBHII", 0x80, 8, number, number * 160, 0x4B4F4D4D)
        self.sound.sendto(head + bytes(160), (LOOPBACK, port))

    def _bye(self, invite: str) -> None:
        to, of = _header(invite, "From"), _header(invite, "To")
        self._send(
            f"BYE {re.sub('[<>]', '', _header(invite, 'Contact')).split(';')[0]} SIP/2.0",
            f"From: {of};tag={self.call_id}",
            f"To: {to}",
            f"Call-ID: {_header(invite, 'Call-ID')}",
            "CSeq: 1 BYE",
        )
        self.free_at = time.perf_counter()

    def _ok(self, text: str) -> None:
        self._reply(text, "200 OK")

    def _reply(self, request: str, status: str, body: str = "") -> None:
        copied = [line.rstrip("\r") for line in _COPIED.findall(request)]
        tagged = [f"{line};tag={self.call_id}" if line.lower().startswith("to:") and "tag=" not in line else line
                  for line in copied]  # fmt: skip
        kind = ["Content-Type: application/sdp"] if body else []
        lines = [f"SIP/2.0 {status}", *tagged, f"Contact: <sip:{self.user}@{self.own}>", *kind]
        self.transport.sendto("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode(), self.server)

    def _send(self, *lines: str) -> None:
        via = f"Via: SIP/2.0/UDP {self.own};branch=z9hG4bK{secrets.token_hex(8)}"
        text = "\r\n".join([lines[0], via, *lines[1:], "Max-Forwards: 70", "Content-Length: 0", "", ""])
        self.transport.sendto(text.encode(), self.server)


def _header(text: str, name: str, mark: str = ":") -> str:
    found = re.search(rf"^{name}{mark} *(.*?)\r?$", text, re.M | re.I)
    return found[1] if found else ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
