"""Two engines, each with its own Asterisk, at one Redis: one queue for both, and each alone while Redis is away."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.prompts.catalogue import Catalogue
from tests.e2e.caller import Caller, caller
from tests.e2e.hotline import Hotline, hotline
from tests.e2e.operators import SPEAKS_RUSSIAN, Operator, operator
from tests.e2e.phone import Phone
from tests.e2e.test_conversation import ask_for_an_operator
from tests.redis_server import redis_server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(150)]


async def says(line: Hotline, words: str) -> None:
    """Until ``ivr status`` does."""
    await asyncio.to_thread(line.until, lambda: words in line.ivr("status"), 20, words)


async def test_one_operator_serves_the_callers_of_two_engines_and_of_their_own_while_redis_is_away(
    prompts: Catalogue, stack: AsyncExitStack, tmp_path: Path
) -> None:
    with redis_server() as redis, hotline(IVR_REDIS_URL=redis.url) as a, hotline(IVR_REDIS_URL=redis.url) as b:

        async def come(name: str, line: Hotline) -> Caller:
            made = await stack.enter_async_context(caller(tmp_path / name, line, prompts))
            await ask_for_an_operator(made)
            return made

        at_a = await stack.enter_async_context(operator(tmp_path / "at-a", a))
        body = {"id": at_a.id, "name": "The same", "skills": SPEAKS_RUSSIAN, "password": "another-long-secret"}
        await b.ask("POST", "/operators", body)
        phone = await Phone.start(tmp_path / "at-b")
        stack.push_async_callback(phone.close)
        await phone.register(at_a.id, "another-long-secret", b.sip_port)
        at_b = Operator(at_a.id, phone, b)
        for each in (at_a, at_b):
            await each.phone.on_ring("answer")
        await at_a.ready()
        await at_b.becomes("ready")

        there = await come("there", b)
        await there.reaches("talking")
        await at_a.becomes("talking")
        here = await come("here", a)
        await there.hang_up()
        await here.reaches("talking")
        await at_b.becomes("talking")
        await here.hang_up()
        assert (await there.ticket())["operator"] == (await here.ticket())["operator"] == at_a.id

        await at_a.becomes("ready")
        await asyncio.to_thread(redis.stop)
        await says(a, "ALONE")
        alone = await come("alone", a)
        await alone.reaches("talking")
        await asyncio.to_thread(redis.start)
        await says(a, "there are")
        await at_b.becomes("talking")
        await alone.hang_up()
        await at_b.becomes("ready")
        await stack.aclose()
