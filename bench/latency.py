"""``python -m bench.latency``: how soon the engine reacts, and what a waiting call holds.

Keys and memory: scripted AGI connections stand for Asterisk, so that the engine alone is measured; a reaction is the
time from a key's report to the next command. Operators: SIPp's callers wait in the queue, phones of one socket each
answer and hang up, and the time from a phone's BYE to its next INVITE is measured, Asterisk's part included.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from bench import configuration, keys, peer, sipp
from bench.agent import Agent
from tests.e2e.hotline import Hotline, configured

KEYS = "1" + "11223344595" + "1"
BETWEEN_KEYS = 0.08
TALK = 0.3
SETTLED = 1.0


async def reactions(line: Hotline, calls: int, rate: float) -> dict[str, Any]:
    """Keys to next commands, ``rate`` calls begun a second."""
    tasks = []
    for index in range(calls):
        call = peer.call(line.agi_port, configuration.NUMBER, f"key-{index}.0", KEYS, pause=BETWEEN_KEYS)
        tasks.append(asyncio.create_task(call))
        await asyncio.sleep(1 / rate)
    done = await asyncio.gather(*tasks)
    return quantiles([reaction for call in done for reaction in call.reactions])


async def waiting_memory(line: Hotline, calls: int) -> float:
    """Kilobytes of the engine's resident memory for each of ``calls`` calls that wait in a queue."""
    before = resident(line.engine_pid())
    tasks = [
        asyncio.create_task(peer.call(line.agi_port, configuration.NUMBER, f"wait-{index}.0", "0"))
        for index in range(calls)
    ]
    await until_waiting(line, calls)
    await asyncio.sleep(SETTLED)
    after = resident(line.engine_pid())
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return (after - before) / calls


async def operators(line: Hotline, folder: Path, agents: int, calls: int, rate: int) -> dict[str, Any]:
    """From an operator's BYE to their next INVITE while callers wait."""
    phones = []
    for index in range(agents):
        name, password = f"agent{index}", f"secret-of-agent{index}"
        body = {"id": name, "name": name, "skills": {"language.ru": 5}, "password": password}
        await line.ask("POST", "/operators", body)
        phones.append(Agent(name, password, line.sip_port, TALK))
        await phones[-1].start()
    pcap = keys.write_keys(folder / "zero.pcap", "0")
    program = sipp.sipp()
    load = asyncio.create_task(
        asyncio.to_thread(sipp.run, program, folder, configuration.NUMBER, line.sip_port, pcap, calls=calls, rate=rate)
    )
    await until_waiting(line, calls // 2)
    for phone in phones:
        await line.ask("POST", f"/operators/{phone.user}/ready")
    outcome = await load
    for phone in phones:
        phone.stop()
    return {**quantiles([wait for phone in phones for wait in phone.waits]), "failed": outcome.failed}


async def until_waiting(line: Hotline, calls: int) -> None:
    """Until so many calls wait in the queue."""
    async with asyncio.timeout(60):
        while (await line.ask("GET", "/queues"))["queues"][0]["waiting"] < calls:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


def quantiles(seconds: list[float]) -> dict[str, Any]:
    """In milliseconds."""
    ordered = sorted(seconds)
    at = {"p50": 0.5, "p99": 0.99, "most": 1.0}
    picked = {
        name: ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else None for name, part in at.items()
    }
    return {"count": len(ordered), **{name: None if it is None else round(it * 1000, 2) for name, it in picked.items()}}


def resident(pid: int) -> float:
    """Resident memory of a process in kilobytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.latency", description=__doc__)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--rate", type=float, default=50, help="calls begun a second, for keys")
    parser.add_argument("--waiting", type=int, default=500, help="waiting calls, for memory")
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--queued", type=int, default=200, help="callers who wait for operators")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        configuration.write(folder / "config")
        with configured(folder / "config", rtp_ports=1200) as line:
            result = {
                "key_to_command_ms": asyncio.run(reactions(line, given.calls, given.rate)),
                "waiting_call_kb": round(asyncio.run(waiting_memory(line, given.waiting)), 1),
                "operator_free_to_invite_ms": asyncio.run(operators(line, folder, given.agents, given.queued, 20)),
            }
    print(json.dumps(result, indent=2) if given.json else _table(result))


def _table(result: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"key -> next command (ms):       {result['key_to_command_ms']}   p99 to reach: 10",
            f"operator free -> INVITE (ms):   {result['operator_free_to_invite_ms']}   p99 to reach: 20",
            f"memory for a waiting call (KB): {result['waiting_call_kb']}   to reach: 64",
        ]
    )


if __name__ == "__main__":
    main()
