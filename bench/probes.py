"""Calls that measure among calls that are only there: how soon the engine acts on a key under load."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from bench import peer, sipp
from bench.hotline import KEYS, Hotline
from bench.keys import write_keys

PROBES = 5
"""Of the calls in a second, those that measure."""

PAUSE = 0.1
"""Seconds before a probe's key, as a caller takes."""

LOADED = 2.0
"""Seconds until SIPp's calls are there."""


@dataclass(frozen=True, slots=True)
class Probed:
    """``real``: what came of SIPp's calls; ``reactions``: seconds from each probe's key to the next command."""

    real: sipp.Outcome
    probes: int
    reactions: list[float]


async def probed(it: Hotline, folder: Path, number: str, rate: int, seconds: int) -> Probed:
    """``rate`` calls a second to ``number`` for so many ``seconds``, ``PROBES`` of them by scripted peers."""
    pcap, real = write_keys(folder / "keys.pcap", KEYS), rate - PROBES
    load = asyncio.create_task(asyncio.to_thread(
        sipp.run, sipp.sipp(), folder, number, it.settings.sip_port, pcap,
        calls=real * seconds, rate=real))  # fmt: skip
    await asyncio.sleep(LOADED)
    probes: list[asyncio.Task[peer.Call]] = []
    async with asyncio.TaskGroup() as tasks:
        for count in range(PROBES * (seconds - 3)):
            unique = f"probe.{time.time()}.{count}"
            probes.append(tasks.create_task(peer.call(it.settings.agi_port, number, unique, KEYS, pause=PAUSE)))
            await asyncio.sleep(1 / PROBES)
    outcome = await load
    return Probed(outcome, len(probes), [reaction for probe in probes for reaction in probe.result().reactions])
