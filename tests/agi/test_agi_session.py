from __future__ import annotations

import asyncio

import pytest

from ivr.asterisk.agi_events import Reply
from ivr.channel import CallerGone
from tests.agi.conftest import joined


async def test_a_command_and_its_reply_in_single_bytes() -> None:
    async with joined() as call:
        command = asyncio.create_task(call.session.command("STREAM FILE", "/p/menu", "0*"))
        assert await call.asterisk.hear() == "STREAM FILE /p/menu 0*"
        await call.asterisk.say(b"200 result=48 endpos=800\n", piecemeal=True)
        assert await command == Reply(200, "48", None, 800)


async def test_commands_wait_for_one_another() -> None:
    async with joined() as call:
        both = asyncio.gather(call.session.command("ANSWER"), call.session.command("SET MUSIC", "ON"))
        assert await call.asterisk.hear() == "ANSWER"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await call.asterisk.reader.readline()
        await call.asterisk.say(b"200 result=0\n")
        await call.asterisk.answer(("SET MUSIC ON", "200 result=1"))
        assert [reply.result for reply in await both] == ["0", "1"]


async def test_hang_up_with_nothing_outstanding_is_news_at_once() -> None:
    async with joined() as call:
        await call.asterisk.say(b"HANGUP\n")
        await call.session.gone.wait()
        assert call.session.hung_up and not call.session.lost
        read = asyncio.create_task(call.session.command("GET VARIABLE", "DIALSTATUS"))
        await call.asterisk.answer(("GET VARIABLE DIALSTATUS", "200 result=1 (ANSWER)"))
        assert (await read).data == "ANSWER"


async def test_hang_up_between_command_and_reply_keeps_replies_in_step() -> None:
    async with joined() as call:
        first = asyncio.create_task(call.session.command("GET VARIABLE", "A"))
        assert await call.asterisk.hear() == "GET VARIABLE A"
        await call.asterisk.say(b"HANGUP\n200 result=1 (a)\n", piecemeal=True)
        assert (await first).data == "a"
        assert call.session.hung_up
        second = asyncio.create_task(call.session.command("GET VARIABLE", "B"))
        await call.asterisk.answer(("GET VARIABLE B", "200 result=1 (b)"))
        assert (await second).data == "b"


async def test_usage_of_several_lines_is_one_reply() -> None:
    async with joined() as call:
        first = asyncio.create_task(call.session.command("NOOP"))
        assert await call.asterisk.hear() == "NOOP"
        await call.asterisk.say(b"520-Invalid\n200 result=1\nHANGUP FIELD\n520 End of proper usage.\n", piecemeal=True)
        assert (await first).code == 520
        second = asyncio.create_task(call.session.command("ANSWER"))
        await call.asterisk.answer(("ANSWER", "200 result=0"))
        assert await second == Reply(200, "0")


@pytest.mark.parametrize("last_words", [b"", b"200 resu", b"HANG", b"520-x\nusage", b"agi_x: 1\n"])
async def test_an_end_anywhere_is_a_lost_caller_not_one_who_hung_up(last_words: bytes) -> None:
    async with joined() as call:
        command = asyncio.create_task(call.session.command("STREAM FILE", "/p", ""))
        assert await call.asterisk.hear()
        await call.asterisk.say(last_words)
        await call.asterisk.close()
        with pytest.raises(CallerGone) as gone:
            await command
        assert gone.value.lost and call.session.lost
        with pytest.raises(CallerGone):
            await call.session.command("ANSWER")


async def test_an_end_after_hang_up_is_a_hang_up() -> None:
    async with joined() as call:
        await call.asterisk.say(b"HANGUP\n")
        await call.asterisk.close()
        await call.session.gone.wait()
        with pytest.raises(CallerGone) as gone:
            while True:
                await call.session.command("GET VARIABLE", "A")
        assert not gone.value.lost


async def test_a_command_without_a_reply_has_a_limit(caplog: pytest.LogCaptureFixture) -> None:
    async with joined() as call:
        with pytest.raises(CallerGone) as gone:
            await call.session.command("ANSWER", limit=0.05)
        assert gone.value.lost
        assert await call.asterisk.hear() == "ANSWER"
        assert await call.asterisk.ended()
    assert "not answered in time" in caplog.text


async def test_a_cancelled_command_does_not_leave_its_reply_to_the_next() -> None:
    async with joined() as call:
        first = asyncio.create_task(call.session.command("GET VARIABLE", "A"))
        assert await call.asterisk.hear() == "GET VARIABLE A"
        first.cancel()
        second = asyncio.create_task(call.session.command("GET VARIABLE", "B"))
        await asyncio.sleep(0)
        await call.asterisk.say(b"200 result=1 (a)\n")
        await call.asterisk.answer(("GET VARIABLE B", "200 result=1 (b)"))
        assert (await second).data == "b"


async def test_a_reply_nobody_asked_for_ends_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    async with joined() as call:
        await call.asterisk.say(b"200 result=1 (forged)\n")
        await call.session.gone.wait()
        assert call.session.lost
    assert "forged" not in caplog.text
    assert "without a command" in caplog.text
