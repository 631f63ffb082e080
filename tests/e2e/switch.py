"""A real Asterisk with our configuration and, in place of the engine, a test that speaks to it itself."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ivr.asterisk import configuration, installation
from ivr.asterisk.agi_server import AgiServer
from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.ami import Ami
from ivr.asterisk.channel import AsteriskChannel
from ivr.asterisk.site import OperatorPhone, Site
from ivr.asterisk.variables import AMI_USER
from ivr.channel import QueueResult
from ivr.settings import Settings
from ivr.sip_digest import ha1
from ivr.speech import Speech, Utterance
from tests.e2e.phone import Phone, phone
from tests.ports import block

RTP_PORTS = 40
OPERATOR = "anna"


@dataclass
class Switch:
    """The running Asterisk. ``arrivals``: the channels of calls, as they come; ``carrier``: who takes calls outside."""

    folder: Path
    sip_port: int
    ami: Ami
    arrivals: asyncio.Queue[AsteriskChannel] = field(default_factory=asyncio.Queue)
    carrier: str = ""
    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, session: AgiSession) -> None:
        """The handler: hands the channel to the test and holds the call until the test is over."""
        channel = AsteriskChannel(session, self.ami, _no_queue, key_to_prompt=lambda _: None, carrier=self.carrier)
        self.arrivals.put_nowait(channel)
        await self.release.wait()

    @asynccontextmanager
    async def call(self, name: str = "caller") -> AsyncIterator[tuple[Phone, AsteriskChannel]]:
        """A caller whose call has been answered."""
        async with phone(self.folder / name) as caller:
            await caller.call("+78005553535", self.sip_port, answered=False)
            async with asyncio.timeout(10):
                channel = await self.arrivals.get()
                await channel.answer()
            await caller.wait("media")
            yield caller, channel
            await channel.hangup()
            await channel.finish()

    @asynccontextmanager
    async def operator(self, **policy: object) -> AsyncIterator[Phone]:
        """The operator's phone, registered."""
        async with phone(self.folder / OPERATOR) as device:
            await device.register(OPERATOR, OPERATOR, self.sip_port)
            await device.on_ring(**policy)
            yield device

    def speech(self, seconds: float) -> Speech:
        """A silent prompt of this length."""
        path = self.folder / f"prompt-{seconds:g}"
        with wave.open(f"{path}.wav", "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(8000)
            wav.writeframes(bytes(int(seconds * 16000)))
        return (Utterance("ru", "проба", str(path)),)


async def _no_queue(*_: object) -> QueueResult:
    return QueueResult.CLOSED


@asynccontextmanager
async def switch() -> AsyncIterator[Switch]:
    """Asterisk in a folder and on ports of its own, ended and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="switch-") as name, block() as first:
        folder = Path(name)
        settings = Settings.from_environment({
            "IVR_STATE": name, "IVR_SIP_PORT": str(first), "IVR_AGI_PORT": str(first + 1),
            "IVR_AMI_PORT": str(first + 2), "IVR_WS_PORT": str(first + 3),
            "IVR_RTP_PORTS": f"{first + 10}-{first + 9 + RTP_PORTS}",
        })  # fmt: skip
        found = await asyncio.to_thread(installation.find, mirror=None, progress=lambda *_: None)
        site = Site(settings, found, secrets.token_hex(16), {})
        configuration.write(site, [OperatorPhone(OPERATOR, ha1(OPERATOR, OPERATOR))])
        async with _running(site), Ami("127.0.0.1", first + 2, AMI_USER, site.ami_secret).running() as ami:
            made = Switch(folder, first, ami)
            async with AgiServer(made.serve, port=first + 1).running(), asyncio.timeout(60):
                await ami.connected.wait()
                yield made
                made.release.set()


@asynccontextmanager
async def _running(site: Site) -> AsyncIterator[None]:
    with (site.settings.state / "asterisk.out").open("wb") as out:
        process = await asyncio.create_subprocess_exec(*configuration.command(site), stdin=-3, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
