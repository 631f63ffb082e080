"""A caller is joined with a number outside, by a carrier that is a telephone of the test."""

from __future__ import annotations

import asyncio
import re

import pytest

from ivr.channel import CallerGone, RingOutcome, Rung
from tests.e2e.switch import Switch, switch

pytestmark = pytest.mark.e2e

POLICE = "+74951234567"


async def address(asterisk: Switch) -> str:
    """Where the one registered telephone listens: host:port."""
    (contact,) = (await asterisk.ami.action("PJSIPShowContacts")).events
    found = re.search(r"@([0-9.]+:[0-9]+)", " ".join(contact.values()))
    assert found, contact
    return found[1]


async def test_a_call_goes_out_and_comes_back() -> None:
    async with switch() as asterisk, asterisk.operator(do="answer") as outside:
        async with asterisk.call("early") as (_, channel):
            assert await channel.transfer(POLICE, 5) == Rung(RingOutcome.UNREACHABLE), "no carrier is known"
        asterisk.carrier = await address(asterisk)
        async with asterisk.call("first") as (_, channel):
            talk = asyncio.create_task(channel.transfer(POLICE, 5))
            await outside.wait("answered")
            await asyncio.sleep(1)
            await outside.hang_up()
            rung = await talk
            assert rung.outcome is RingOutcome.ANSWERED
            assert 0.5 < rung.talk_seconds < 5
            assert not rung.caller_gone
            await channel.play(())
            await outside.on_ring("code", code=486)
            assert await channel.transfer(POLICE, 5) == Rung(RingOutcome.DECLINED)
        async with asterisk.call("last") as (caller, channel):
            await outside.on_ring("ring")
            rings = asyncio.create_task(channel.transfer(POLICE, 20))
            await outside.wait("ringing", call=3)
            await caller.hang_up()
            with pytest.raises(CallerGone) as gone:
                await rings
            assert not gone.value.lost
        with pytest.raises(ValueError, match=r"E\.164"):
            await channel.transfer("101&PJSIP/kommutator-trunk/sip:+79000000000@elsewhere", 5)
