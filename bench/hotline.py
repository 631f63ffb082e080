"""A hotline of the benchmarks' own: Asterisk and the engine as `ivr run` starts them, and what they are compared with.

It has a folder that vanishes, ports of its own on loopback, and prompts as silent as they are short.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import wave
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import peer
from ivr import startup
from ivr.asterisk import configuration
from ivr.asterisk.site import Site
from ivr.asterisk.variables import TRUNK_CONTEXT
from ivr.desk import door
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.provide import places
from ivr.settings import Settings

PROJECT = Path(__file__).resolve().parents[1]
STEPS, WAITING = "+78005553535", "+78005553536"
"""The numbers of bench/config."""
NATIVE, BARE = "9001", "9002"
"""Extensions of the same call: written in Asterisk's dialplan, and served by bench.bare_agi."""
SNILS = "11223344595"
KEYS = f"1{SNILS}1"
"""Menu, SNILS, confirmation."""

FIRST, LAST, RUN = 12_000, 20_000, 2_000
SILENCE = 0.2
"""Seconds of each sound: longer than the pause between two keys, so that a key always interrupts the same one."""
PATIENCE = 60.0


@dataclass(slots=True)
class Hotline:
    """The running processes. ``commands``: what the engine sends in the scripted call."""

    settings: Settings
    asterisk: int
    engine: int
    bare: int
    bare_port: int
    commands: list[str]

    def url(self, path: str) -> str:
        """Of the engine's own HTTP."""
        return f"http://127.0.0.1:{self.settings.http_port}{path}"

    def said(self) -> str:
        """What the engine has logged so far."""
        return (self.settings.state.parent / "engine.out").read_text()

    def read(self, path: str) -> str:
        """What the engine answers there."""
        with urllib.request.urlopen(self.url(path), timeout=10) as answer:
            return answer.read().decode()

    def post(self, path: str, body: object = None) -> None:
        """Ask the API for something. Raises urllib.error.HTTPError."""
        opened = door.read(self.settings.state)
        assert opened is not None
        headers = {"Authorization": f"Bearer {opened.token}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{opened.url}/api/v1{path}", data, headers, method="POST")
        urllib.request.urlopen(request, timeout=10).close()


@contextmanager
def hotline(config: Path = PROJECT / "bench/config", steps: str = STEPS, **extra: str) -> Iterator[Hotline]:
    """Started and ready, stopped at the end, on SIGTERM too. ``extra``: more IVR_ variables.

    ``config``: a folder to copy; ``steps``: the number in it that the scripted call dials.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kommutator-bench-")))
        environment = _environment(folder, config, extra)
        settings = Settings.from_environment(environment)
        site = startup.prepare(settings, lambda words: print(words, file=sys.stderr))
        _silence(settings)
        bare_port = settings.sip_port + 5
        _add_native(site, bare_port)
        asterisk = stack.enter_context(_process(configuration.command(site), folder / "asterisk.out", {"TERM": "dumb"}))
        engine = stack.enter_context(_process(
            [sys.executable, "-m", "ivr", "engine"], folder / "engine.out", environment))  # fmt: skip
        it = Hotline(settings, asterisk, engine, 0, bare_port, [])
        _wait_ready(it, folder / "engine.out")
        it.commands = asyncio.run(peer.call(settings.agi_port, steps, f"bench.{time.time()}", KEYS)).lines
        command = [sys.executable, "-m", "bench.bare_agi", str(bare_port)]
        it.bare = stack.enter_context(_process(command, folder / "bare.out", {}, "\n".join(it.commands)))
        yield it


def _environment(folder: Path, given: Path, extra: dict[str, str]) -> dict[str, str]:
    config = folder / "config"
    shutil.copytree(given, config)
    if not (config / "recordings/prompts").exists():
        (config / "recordings/prompts").mkdir(parents=True)
        (config / "recordings/prompts/en").symlink_to(PROJECT / "recordings/prompts/en")
    first = _free_run()
    return {
        "IVR_STATE": str(folder / "state"),
        "IVR_CONFIG": str(config),
        "IVR_BIND": "127.0.0.1",
        "IVR_SIP_PORT": str(first),
        "IVR_HTTP_PORT": str(first + 1),
        "IVR_AGI_PORT": str(first + 2),
        "IVR_AMI_PORT": str(first + 3),
        "IVR_WS_PORT": str(first + 4),
        "IVR_RTP_PORTS": f"{first + 10}-{first + RUN - 1}",
        **extra,
    }


def _free_run() -> int:
    """The first of so many ports in a row of which nobody holds any that we need for certain."""
    for first in range(FIRST, LAST - RUN + 1, RUN):
        if all(_is_free(port) for port in range(first, first + RUN)):
            return first
    raise SystemExit(f"no {RUN} free ports in a row between {FIRST} and {LAST}")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(kind is socket.SOCK_STREAM))
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def _silence(settings: Settings) -> None:
    """Put silence in the place of every sound; the build may have linked them from the shared cache."""
    for path in (settings.state / "prompts").glob("*/*.wav"):
        path.unlink()
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(8000)
            wav.writeframes(bytes(int(SILENCE * 16_000)))


def _add_native(site: Site, bare_port: int) -> None:
    """The same call in extensions.conf, with the modules that only it needs, and the way to the bare loop."""
    menu, ask, goodbye = (_sound(site.settings, name) for name in ("main", "snils-ask", "goodbye"))
    confirm = _sound(site.settings, "please-hold")  # any: all of them are alike
    with (site.etc / "extensions.conf").open("a") as file:
        file.write(f"""
[{TRUNK_CONTEXT}](+)
exten => {NATIVE},1,Goto(native,s,1)
exten => {BARE},1,Goto(bare,s,1)
[bare]
exten => s,1,AGI(agi://127.0.0.1:{bare_port}/call,{BARE})
 same => n,Hangup()
[native]
exten => s,1,Answer()
 same => n,Read(KEY,{menu},1,,1,5)
 same => n,GotoIf($["${{KEY}}" != "1"]?wrong)
 same => n,Read(SNILS,{ask},11,,1,5)
 same => n,GotoIf($["${{SNILS}}" != "{SNILS}"]?wrong)
 same => n,Read(YES,{confirm},1,,1,5)
 same => n,GotoIf($["${{YES}}" != "1"]?wrong)
 same => n,Playback({goodbye})
 same => n,Hangup()
 same => n(wrong),Wait(60)
""")
    with (site.etc / "asterisk.conf").open("a") as file:  # keys at the pace of a machine; people's last longer
        file.write("[options](+)\nmindtmfduration = 40\n")


def _sound(settings: Settings, prompt: str) -> str:
    audio = Catalogue.load(*places(settings)).say(prompt, "en")[0].audio
    assert audio is not None
    return audio


@contextmanager
def _process(command: Sequence[str], output: Path, variables: dict[str, str], typed: str = "") -> Iterator[int]:
    """A child, stopped at the end; its process id."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("IVR_")}
    with output.open("wb") as out:
        child = subprocess.Popen(
            command, env={**own, "PYTHONPATH": str(PROJECT), **variables}, cwd=output.parent,
            stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    assert child.stdin is not None
    child.stdin.write(typed.encode())
    child.stdin.close()
    try:
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_ready(it: Hotline, output: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            it.read("/readyz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    said = "\n".join(line for line in output.read_text().splitlines() if ": warning: " not in line)
    raise SystemExit(f"the hotline is not ready after {PATIENCE:.0f} s:\n{said[-3000:]}")
