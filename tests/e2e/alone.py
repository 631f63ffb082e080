"""An Asterisk alone, from our generated configuration, with no engine: what it does by itself is tested here."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from ivr.asterisk import configuration, installation
from ivr.asterisk.site import OperatorPhone, Site, ami_secret
from ivr.asterisk.variables import AMI_USER
from ivr.settings import Settings
from ivr.sip_digest import ha1
from tests.ports import block

START, STOP = 30.0, 10.0
RTP_PORTS = 40
PASSWORD = "correct horse"


class Alone:
    """A running Asterisk. Make it by ``alone()``."""

    def __init__(self, site: Site, process: subprocess.Popen[bytes]) -> None:
        self.site, self.settings, self.process = site, site.settings, process

    @asynccontextmanager
    async def manager(self) -> AsyncIterator[bytearray]:
        """All that the manager interface says to the engine's user meanwhile, raw."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.settings.ami_port)
        login = f"Action: Login\r\nUsername: {AMI_USER}\r\nSecret: {self.site.ami_secret}\r\n\r\n"
        writer.write(login.encode())
        said = bytearray(await reader.readuntil(b"Event: FullyBooted\r\n"))

        async def listen() -> None:
            while data := await reader.read(65536):
                said.extend(data)

        listening = asyncio.create_task(listen())
        try:
            yield said
        finally:
            listening.cancel()
            writer.close()
            await asyncio.gather(listening, writer.wait_closed(), return_exceptions=True)

    def complaints(self) -> list[str]:
        """Warnings and errors in its log."""
        text = (self.site.log / "asterisk.log").read_text(errors="replace")
        return [line for line in text.splitlines() if " WARNING[" in line or " ERROR[" in line]


def operator(id: str) -> OperatorPhone:
    return OperatorPhone(id, ha1(id, PASSWORD))


@contextmanager
def alone(*operators: str, trunk: str = "127.0.0.0/8") -> Iterator[Alone]:
    """An Asterisk for the length of the block; it must leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="kommutator-") as folder, block() as first:
        site = _site(Path(folder), first, trunk)
        configuration.write(site, [operator(id) for id in operators])
        with (Path(folder) / "output").open("wb") as output:
            command = configuration.command(site)
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            asyncio.run(_booted(Alone(site, process)))
            yield Alone(site, process)
        finally:
            process.terminate()
            try:
                process.wait(STOP)
            finally:
                process.kill()
                process.wait()


def _site(folder: Path, first: int, trunk: str) -> Site:
    names = ("IVR_SIP_PORT", "IVR_HTTP_PORT", "IVR_AGI_PORT", "IVR_AMI_PORT", "IVR_WS_PORT")
    environment = {name: str(first + place) for place, name in enumerate(names)}
    rtp = f"{first + 10}-{first + 9 + RTP_PORTS}"
    settings = Settings.from_environment(
        {**environment, "IVR_STATE": str(folder / "state"), "IVR_RTP_PORTS": rtp, "IVR_TRUNK": trunk}
    )
    return Site(settings, installation.find(mirror=None, progress=print), ami_secret(settings), {})


async def _booted(started: Alone) -> None:
    async with asyncio.timeout(START):
        while True:
            assert started.process.poll() is None, "Asterisk ended at its start"
            try:
                async with started.manager():
                    return
            except OSError:
                await asyncio.sleep(0.05)
