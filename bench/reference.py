"""An Asterisk of the bench's own, configured as the hotline's; its dialplan does the same steps without our engine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.asterisk.configuration import command, write
from ivr.asterisk.installation import find
from ivr.asterisk.site import Site, ami_secret
from ivr.asterisk.variables import TRUNK_CONTEXT
from ivr.settings import Settings
from tests.e2e.ports import free_run, is_free

NATIVE, BARE = "100", "101"
READY_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Reference:
    """Where it listens, and the processes to be measured."""

    sip_port: int
    asterisk: int
    bare: int


def dialplan(ask: Path, goodbye: Path, agi_port: int) -> str:
    """The steps natively, and handed to a bare FastAGI loop."""
    return "\n".join(
        [
            f"[{TRUNK_CONTEXT}]",
            f"exten => {NATIVE},1,Answer()",
            f" same => n,Read(key,{ask},1,,1,5)",
            f" same => n,Read(digits,{ask},11,,1,5)",
            f" same => n,Read(yes,{ask},1,,1,5)",
            f" same => n,Playback({goodbye})",
            " same => n,Hangup()",
            f"exten => {BARE},1,AGI(agi://127.0.0.1:{agi_port}/call)",
            " same => n,Hangup()",
            "",
        ]
    )


def commands(ask: Path, goodbye: Path) -> list[str]:
    """What the engine sends to Asterisk for the same call."""
    keys = '"0123456789*#"'
    listen = f'STREAM FILE "{ask}" {keys}'
    return [
        "ANSWER",
        listen,
        listen,
        *["WAIT FOR DIGIT 3000"] * 10,
        listen,
        f'STREAM FILE "{goodbye}" ""',
        "HANGUP",
        "SET VARIABLE KOMMUTATOR_DONE 1",
    ]


@contextmanager
def reference(folder: Path, ask: Path, goodbye: Path, *, seed: int) -> Iterator[Reference]:
    """Both running for the length of the block."""
    first = free_run(1200, seed=seed)
    settings = Settings.from_environment(
        {
            "IVR_STATE": str(folder),
            "IVR_SIP_PORT": str(first),
            "IVR_AMI_PORT": str(first + 1),
            "IVR_AGI_PORT": str(first + 2),
            "IVR_RTP_PORTS": f"{first + 10}-{first + 1199}",
        }
    )
    site = Site(settings, find(mirror=None, progress=print), ami_secret(settings), {})
    write(site, [])
    (site.etc / "extensions.conf").write_text(dialplan(ask, goodbye, first + 2))
    with (site.etc / "modules.conf").open("a") as modules:
        modules.write("load=app_read.so\n")
    with _child(command(site)) as asterisk, _bare(first + 2, commands(ask, goodbye)) as bare:
        until = time.monotonic() + READY_SECONDS
        while is_free(first):
            if time.monotonic() > until:
                raise TimeoutError(f"the reference Asterisk does not start; see {site.log}")
            time.sleep(0.1)
        yield Reference(first, asterisk.pid, bare.pid)


@contextmanager
def _bare(port: int, lines: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    with _child([sys.executable, str(Path(__file__).with_name("bare_agi.py")), str(port)]) as bare:
        assert bare.stdin is not None
        assert bare.stdout is not None
        bare.stdin.write("\n".join(lines))
        bare.stdin.close()
        bare.stdout.readline()
        yield bare


@contextmanager
def _child(arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
