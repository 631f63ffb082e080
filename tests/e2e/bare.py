"""A caller with no manners: SIP and RTP written out by hand, for what a telephone would never send.

Any bytes as caller id or number, keys at any rate. UDP on loopback loses nothing here, so nothing is sent twice.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LOOPBACK = "127.0.0.1"
ALAW, EVENT = 8, 101
SILENCE = bytes([0xD5]) * 160
KEYS = "0123456789*#"
PROMPTLY = 10.0


class _Socket(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.received: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.received.put_nowait(data)


class BareCaller:
    """One call from a caller made of two sockets. Make it by ``bare_call()``."""

    def __init__(self, port: int, number: str, caller: str, name: str, speaks: bool) -> None:
        self._speaks = speaks
        self.server = (LOOPBACK, port)
        self.number, self.caller, self.name = number, caller, name
        self.call_id, self.tag = secrets.token_hex(8), secrets.token_hex(4)
        self.remote_tag = ""
        self.status = 0
        self.media = (LOOPBACK, 0)
        self.sequence, self.clock, self.source = 1, 0, secrets.randbits(32)
        self.packets_heard = 0
        self.over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._transports: list[asyncio.DatagramTransport] = []

    async def dial(self) -> int:
        """INVITE; the final status. Sound flows from a 200 on."""
        loop = asyncio.get_running_loop()
        self._sip, sip = await loop.create_datagram_endpoint(_Socket, local_addr=(LOOPBACK, 0))
        self._transports = [self._sip]
        self._rtp, self._sound = await loop.create_datagram_endpoint(_Socket, local_addr=(LOOPBACK, 0))
        self._transports.append(self._rtp)
        self.sip_port = self._sip.get_extra_info("sockname")[1]
        self.rtp_port = self._rtp.get_extra_info("sockname")[1]
        self._received = sip.received
        self._send("INVITE", self._sdp())
        async with asyncio.timeout(PROMPTLY):
            while self.status < 200:
                self._take(await self._received.get())
        self._send("ACK")
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._talk())]
        return self.status

    async def press(self, keys: str, a_second: float = 5.0) -> None:
        """Press keys at this rate; each lasts half of its time and is ended three times over, as RFC 4733 wants."""
        for key in keys:
            began, length = self.clock, int(8000 / a_second / 2)
            code = KEYS.index(key)
            self._event(code, began, 80, last=False, first=True)
            for _ in range(3):
                self._event(code, began, length, last=True)
            self.clock += int(8000 / a_second)
            await asyncio.sleep(1 / a_second)

    async def hang_up(self) -> None:
        """BYE, unless the other side was first."""
        if self.status == 200 and not self.over.is_set():
            self._send("BYE")
            async with asyncio.timeout(PROMPTLY):
                await self.over.wait()

    async def close(self) -> None:
        """Drop the sockets."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for transport in self._transports:
            transport.close()

    async def _listen(self) -> None:
        while True:
            self._take(await self._received.get())

    async def _talk(self) -> None:
        while True:
            if self._speaks:
                self._packet(ALAW, SILENCE, self.clock)
            self.clock += 160
            self.packets_heard += self._sound.received.qsize()
            while not self._sound.received.empty():
                self._sound.received.get_nowait()
            await asyncio.sleep(0.02)

    def _take(self, message: bytes) -> None:
        text = message.decode("utf-8", "replace")
        status = re.match(r"SIP/2\.0 (\d+)", text)
        if status and re.search(r"^CSeq: *\d+ BYE", text, re.M | re.I):
            self.over.set()
        elif status:
            self.status = int(status[1])
            tag = re.search(r"^To:.*;tag=([^\s;]+)", text, re.M | re.I)
            self.remote_tag = tag[1] if tag else self.remote_tag
            port = re.search(r"^m=audio (\d+)", text, re.M)
            self.media = (LOOPBACK, int(port[1])) if port else self.media
        elif text.startswith("BYE"):
            self.over.set()
            self._agree(text)

    def _agree(self, request: str) -> None:
        copied = re.findall(r"^(?:Via|From|To|Call-ID|CSeq):.*?$", request, re.M | re.I)
        lines = ["SIP/2.0 200 OK", *(line.rstrip("\r") for line in copied), "Content-Length: 0", "", ""]
        self._sip.sendto("\r\n".join(lines).encode(), self.server)

    def _send(self, method: str, body: str = "") -> None:
        uri = f"sip:{self.number}@{LOOPBACK}:{self.server[1]}"
        own = f"{LOOPBACK}:{self.sip_port}"
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {own};branch=z9hG4bK{self.call_id}{'' if method in ('INVITE', 'ACK') else method}",
            f"From: {self.name}<sip:{self.caller}@{LOOPBACK}>;tag={self.tag}",
            f"To: <{uri}>" + (f";tag={self.remote_tag}" if self.remote_tag else ""),
            f"Call-ID: {self.call_id}",
            f"CSeq: {2 if method == 'BYE' else 1} {method}",
            f"Contact: <sip:caller@{own}>",
            "Max-Forwards: 70",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        self._sip.sendto("\r\n".join(lines).encode("utf-8", "surrogateescape"), self.server)

    def _sdp(self) -> str:
        return (
            f"v=0\r\no=- 1 1 IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\n"
            f"m=audio {self.rtp_port} RTP/AVP {ALAW} {EVENT}\r\na=rtpmap:{ALAW} PCMA/8000\r\n"
            f"a=rtpmap:{EVENT} telephone-event/8000\r\na=fmtp:{EVENT} 0-16\r\na=sendrecv\r\n"
        )

    def _event(self, code: int, began: int, length: int, *, last: bool, first: bool = False) -> None:
        payload = struct.pack("!BBH", code, 0x80 | 10 if last else 10, length)
        self._packet(EVENT | (0x80 if first else 0), payload, began)

    def _packet(self, kind: int, payload: bytes, stamp: int) -> None:
        header = struct.pack("!BBHII", 0x80, kind, self.sequence & 0xFFFF, stamp & 0xFFFFFFFF, self.source)
        self.sequence += 1
        self._rtp.sendto(header + payload, self.media)


@asynccontextmanager
async def bare_call(
    port: int, number: str, caller: str = "+79161234567", name: str = "", *, speaks: bool = True
) -> AsyncIterator[BareCaller]:
    """A call for the length of the block; ``status`` tells whether it was taken. ``speaks``: or sends no sound."""
    caller_ = BareCaller(port, number, caller, name, speaks)
    try:
        await caller_.dial()
        yield caller_
        await caller_.hang_up()
    finally:
        await caller_.close()
