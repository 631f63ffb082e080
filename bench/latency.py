"""How soon the engine acts: ``python -m bench.latency``.

*key -> next command*: scripted peers among real calls from SIPp tell when they reported a key and when the engine's
next command came. *operator free -> INVITE*: phones answer real calls that wait, hang up, and note when the next
INVITE arrives; the way back through Asterisk (BYE, the end of the recording, Dial's outcome) is included.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from bench import cpu, sipp, table
from bench.agent import Agent
from bench.hotline import STEPS, WAITING, Hotline, hotline
from bench.probes import probed

BARS = {"key -> next command": 10.0, "operator hangs up -> next INVITE": 20.0}
"""Milliseconds, p99."""
PASSWORD = "benchmark-phone-1"
TALK = 0.3
"""Seconds."""


async def keys(it: Hotline, folder: Path, rate: int, seconds: int) -> list[float]:
    """Seconds from each key to the command that follows it, at ``rate`` calls a second in all."""
    found = await probed(it, folder, STEPS, rate, seconds)
    print(f"{found.real.made} calls beside the probes, {found.real.failed} failed")
    return found.reactions


async def operators(it: Hotline, folder: Path, phones: int, calls: int) -> list[float]:
    """Seconds from an operator's BYE to the next INVITE at the same phone, calls waiting all the time."""
    agents = [Agent(f"agent{number}", PASSWORD, it.settings.sip_port, TALK) for number in range(phones)]
    for agent in agents:
        body = {"id": agent.user, "name": agent.user, "skills": {"technical": 1}, "password": PASSWORD}
        await asyncio.to_thread(it.post, "/operators", body)
    await asyncio.sleep(3)  # Asterisk reads its new phones
    for agent in agents:
        await agent.start()
    load = asyncio.create_task(asyncio.to_thread(
        sipp.run, sipp.sipp(), folder, WAITING, it.settings.sip_port, None, calls=calls, rate=20))  # fmt: skip
    await asyncio.sleep(1)  # until calls wait
    for agent in agents:
        await asyncio.to_thread(it.post, f"/operators/{agent.user}/ready")
    outcome = await load
    print(f"{outcome.made} calls answered by {phones} operators, {outcome.failed} failed")
    for agent in agents:
        agent.stop()
    return [wait for agent in agents for wait in agent.waits if wait < 1.0]  # the last calls' operators had nobody


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=50, help="calls a second while keys are measured")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--phones", type=int, default=5)
    parser.add_argument("--calls", type=int, default=200, help="calls that the phones answer")
    parser.add_argument("--json", action="store_true", help="the figures too")
    given = parser.parse_args()
    machine, began = cpu.words(), cpu.Machine.now()
    with tempfile.TemporaryDirectory(prefix="kommutator-sipp-") as folder, hotline() as it:
        measured = {
            "key -> next command": asyncio.run(keys(it, Path(folder), given.rate, given.seconds)),
            "operator hangs up -> next INVITE": asyncio.run(operators(it, Path(folder), given.phones, given.calls)),
        }
    busy = cpu.Machine.now().share_since(began)
    found = {name: {unit: value if unit == "count" else value * 1000 for unit, value in
             table.percentiles(values).items()} for name, values in measured.items()}  # fmt: skip
    print(machine, f"; {busy:.0%} busy meanwhile")
    rows = [{"milliseconds": name, **figures, "bar, p99": BARS[name]} for name, figures in found.items()]
    table.show(f"{given.rate} calls a second; {given.phones} operators", rows)
    table.finish({"machine": machine, "busy": busy, "milliseconds": found}, given.json)


if __name__ == "__main__":
    main()
