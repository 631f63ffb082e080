"""Many callers at once, from SIPp: each goes their own way through menu and entry, and each is one ticket.

SIPp's keys leave through a raw socket. Where this user may have none, its callers press none and leave in the menu.
"""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from bench import sipp
from bench.keys import write_keys
from tests.e2e.caller import MOSCOW
from tests.e2e.hotline import Hotline
from tests.e2e.test_identification import SNILS

pytestmark = pytest.mark.e2e

CALLS, RATE = 20, 10
CALLER = "+7918"
KEYS = f"1311{SNILS}1"
"""Russian, payments, how to pay, an operator nevertheless, who calls, and that it was read back rightly."""
PACE = 400
"""Milliseconds from key to key: slower than the questions follow one another."""
NOTICE = 6000
"""Milliseconds that it takes to tell that the conversation will be recorded, and more: the queue comes after it."""


def has_raw_sockets() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP).close()
    except PermissionError:
        return False
    return True


async def ended_tickets(line: Hotline) -> list[dict[str, Any]]:
    """One of each caller, once all calls are over."""
    async with asyncio.timeout(10):
        while True:
            listed = (await line.ask("GET", "/tickets?limit=100"))["tickets"]
            ours = [each for each in listed if str(each["caller"]).startswith(CALLER)]
            if len(ours) >= CALLS and all(each["end"] for each in ours):
                return [await line.ask("GET", f"/tickets/{each['number']}") for each in ours]
            await asyncio.sleep(0.1)


async def test_twenty_callers_at_once_are_twenty_tickets(line: Hotline, tmp_path: Path) -> None:
    keys = write_keys(tmp_path / "keys.pcap", KEYS, length=80, gap=PACE - 80) if has_raw_sockets() else None
    outcome = await asyncio.to_thread(
        sipp.run,
        sipp.sipp(),
        tmp_path,
        MOSCOW,
        line.sip_port,
        keys,
        calls=CALLS,
        rate=RATE,
        caller=CALLER,
        hangs_up_after=len(KEYS) * PACE + NOTICE,
    )
    assert (outcome.made, outcome.failed) == (CALLS, 0)
    tickets = await ended_tickets(line)
    assert len({ticket["caller"] for ticket in tickets}) == len({ticket["number"] for ticket in tickets}) == CALLS
    assert len(tickets) == CALLS
    if keys is None:
        assert {ticket["end"] for ticket in tickets} == {"abandoned-in-menu"}
        return
    assert {(ticket["end"], ticket["section"]) for ticket in tickets} == {("abandoned-in-queue", "payments")}
    assert [[each["kind"] for each in ticket["identification"]] for ticket in tickets] == [["snils"]] * CALLS
