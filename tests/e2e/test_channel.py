"""The channel on a real Asterisk, without an engine: what its commands come to, in one Asterisk's life."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.asterisk.ami_actions import channels, contacts, reload_operators, variable
from ivr.asterisk.channel import AsteriskChannel
from ivr.asterisk.rung_alone import RungAlone
from ivr.asterisk.variables import TYPED
from ivr.channel import CallerGone, Keyed, RingOutcome, Rung
from ivr.speech import Speech, Utterance
from routing.dispatcher import Dispatcher
from routing.model import Operator, OperatorState
from routing.router import Router
from tests.e2e.phone import Phone
from tests.e2e.switch import OPERATOR, Switch, switch
from tests.told import Told
from tests.until import until

pytestmark = pytest.mark.e2e


@pytest.fixture
async def asterisk() -> AsyncIterator[Switch]:
    async with switch() as running:
        yield running


async def ring(channel: AsteriskChannel, asterisk: Switch, name: str, seconds: float = 5) -> tuple[Rung, bool, bool]:
    """What came of it, whether the answer was told, whether there is a recording."""
    told = Told()
    path = asterisk.folder / "recordings" / f"{name}.wav"
    await channel.music(on=True)
    rung = await channel.ring(OPERATOR, seconds, shown="12 ru", record_to=path, moments=told)
    return rung, "answered" in told, path.exists() and path.stat().st_size > 44


async def presses(caller: Phone, keys: str, after: float = 0.2) -> None:
    await asyncio.sleep(after)
    await caller.press(keys)


async def test_speech_keys_music_and_messages(asterisk: Switch) -> None:
    async with asterisk.call() as (caller, channel), asyncio.TaskGroup() as hands:
        assert (channel.called, channel.caller) == ("+78005553535", "+79161234567")
        assert [live.application for live in await channels(asterisk.ami)] == ["AGI"]
        await channel.answer()
        hands.create_task(presses(caller, "5"))
        assert await channel.play(asterisk.speech(10)) == "5"
        hands.create_task(presses(caller, "7"))
        assert await channel.play((Utterance("ru", "нет", "/none"), *asterisk.speech(1)), keys="0") is None
        hands.create_task(presses(caller, "31"))
        assert await channel.play(asterisk.speech(1.5), keys="") is None
        assert await channel.play(asterisk.speech(1), keys="1") == "1"
        hands.create_task(presses(caller, "42#", after=0))
        assert await channel.ask((), most=5, first=2, between=1) == Keyed("42", ended=True)
        assert await channel.ask((), most=1, first=0.1, between=1) == Keyed()
        message = asterisk.folder / "messages/1.wav"
        assert 0.9 < await channel.record(message, max_seconds=1, silence=5, end_keys="#") < 1.2
        await channel.music(on=True)
        hands.create_task(presses(caller, "95"))
        assert [await channel.waiting_key(), await channel.waiting_key()] == ["9", "5"]
        waiting = asyncio.create_task(channel.waiting_key())
        await asyncio.sleep(0)
        await caller.hang_up()
        with pytest.raises(CallerGone) as gone:
            await waiting
        assert not gone.value.lost


async def test_questions_take_every_key_within_their_time(asterisk: Switch) -> None:
    limits = {"first": 1.0, "between": 0.5}
    short, long = asterisk.speech(0.3), asterisk.speech(1.5)
    async with asterisk.call() as (caller, channel), asyncio.TaskGroup() as hands:

        async def asked(speech: Speech, keys: str, most: int) -> tuple[Keyed, float]:
            if keys:
                hands.create_task(presses(caller, keys))
            began = asyncio.get_running_loop().time()
            return await channel.ask(speech, most=most, **limits), asyncio.get_running_loop().time() - began

        for speech in (short, (*short, *short)):
            keyed, took = await asked(speech, "", most=1)
            assert keyed == Keyed()
            assert 1.2 < took < 2
            keyed, took = await asked(speech, "", most=11)
            assert keyed == Keyed()
            assert 1.2 < took < 2
            assert (await asked(speech, "#", most=1))[0] == Keyed(ended=True)
            assert (await asked(speech, "#", most=11))[0] == Keyed(ended=True)
        for speech in (long, (*long, *short), (*short, *long)):
            assert (await asked(speech, "7", most=1))[0] == Keyed("7")
            assert (await asked(speech, "12345678901", most=11))[0] == Keyed("12345678901")
            assert (await asked(speech, "1*2#", most=11))[0] == Keyed("1*2", ended=True)
            keyed, took = await asked(speech, "12", most=11)
            assert keyed == Keyed("12")
            assert took < 1.5, "a key stops the words, half a second ends the entry"
        missing = (Utterance("ru", "нет", "/none"),)
        for speech in (missing, (*short, *missing), (*missing, *short)):
            assert (await asked(speech, "5", most=1))[0] == Keyed("5")
        asking = asyncio.create_task(asked((*long, *long), "", most=11))
        await asyncio.sleep(0.3)
        await caller.hang_up()
        with pytest.raises(CallerGone) as gone:
            await asking
        assert not gone.value.lost


async def test_a_message_that_ends_by_hanging_up_is_kept(asterisk: Switch) -> None:
    async with asterisk.call() as (caller, channel):
        message = asterisk.folder / "messages/1.wav"
        recording = asyncio.create_task(channel.record(message, max_seconds=30, silence=10, end_keys="#"))
        await asyncio.sleep(1.5)
        await caller.hang_up()
        assert await recording > 0.5
        with pytest.raises(CallerGone):
            await channel.play(asterisk.speech(1))


async def test_phones_that_do_not_answer(asterisk: Switch) -> None:
    async with asterisk.call() as (caller, channel):
        began = asyncio.get_running_loop().time()
        assert await ring(channel, asterisk, "nobody") == (Rung(RingOutcome.UNREACHABLE), False, False)
        assert asyncio.get_running_loop().time() - began < 1, "an operator without a phone must cost no time"
        async with asterisk.operator(do="code", code=486) as phone:
            await reload_operators(asterisk.ami)
            assert list(await contacts(asterisk.ami)) == [OPERATOR]
            assert (await ring(channel, asterisk, "busy"))[0] == Rung(RingOutcome.DECLINED)
            await phone.on_ring("code", code=603)
            assert (await ring(channel, asterisk, "declined"))[0] == Rung(RingOutcome.DECLINED)
            await phone.on_ring("ring")
            assert await ring(channel, asterisk, "patience", 1) == (Rung(RingOutcome.NO_ANSWER), False, False)
            ringing = asyncio.create_task(ring(channel, asterisk, "leaves", 20))
            rung = len([event for event in phone.events if event.name == "ringing"])
            await phone.wait("ringing", call=rung + 1)
            await caller.hang_up()
            with pytest.raises(CallerGone) as gone:
                await ringing
            assert not gone.value.lost


async def test_conversations_that_either_side_ends(asterisk: Switch) -> None:
    async with asterisk.operator(do="answer", after=0.3) as phone, asterisk.call() as (caller, channel):
        talking = asyncio.create_task(ring(channel, asterisk, "operator"))
        await phone.wait("answered", call=1)
        await asyncio.sleep(1)
        await phone.hang_up()
        rung, told, recorded = await talking
        assert (rung.outcome, rung.caller_gone, told, recorded) == (RingOutcome.ANSWERED, False, True, True)
        assert 0.8 < rung.talk_seconds < 2, "counted from the operator's answer, not from the caller's"
        talking = asyncio.create_task(ring(channel, asterisk, "caller"))
        await phone.wait("answered", call=2)
        await asyncio.sleep(1)
        await caller.hang_up()
        rung, told, recorded = await talking
        assert (rung.outcome, rung.caller_gone, told, recorded) == (RingOutcome.ANSWERED, True, True, True)


async def kept(asterisk: Switch) -> str:
    """The caller's keys that Asterisk keeps."""
    (caller,) = (each.name for each in await channels(asterisk.ami) if each.name.startswith("PJSIP/kommutator-trunk"))
    return await variable(asterisk.ami, caller, TYPED)


async def test_what_is_keyed_in_a_conversation_is_kept_nowhere_and_what_is_keyed_after_it_counts(
    asterisk: Switch,
) -> None:
    keyed: list[str] = []
    async with asterisk.operator(do="answer") as phone, asterisk.call() as (caller, channel):
        with asterisk.ami.subscribe("DTMFEnd", lambda key: keyed.append(key["Digit"]), uniqueid=channel.uniqueid):
            await caller.press("7")
            async with asyncio.timeout(5):
                while await kept(asterisk) != "7":
                    await asyncio.sleep(0.05)
            for call in (1, 2):
                talking = asyncio.create_task(ring(channel, asterisk, f"operator{call}"))
                await phone.wait("answered", call=call)
                keyed.clear()
                await caller.press("112")
                await until(lambda: keyed == ["1", "1", "2"])
                assert await kept(asterisk) == ""
                await phone.hang_up()
                assert (await talking)[0].outcome is RingOutcome.ANSWERED
                asking = asyncio.create_task(channel.ask((), most=3, first=5, between=2))
                await caller.press("123")
                assert await asking == Keyed("123")
                assert await kept(asterisk) == "", "an entry is over: it is kept no longer"


async def test_an_operator_whom_asterisk_rang_by_itself_is_held_busy_until_the_phone_is_free(asterisk: Switch) -> None:
    dispatcher = Dispatcher(Router(tokens=lambda: "token"))
    dispatcher.join(Operator(OPERATOR), ready=True)
    alone = RungAlone(dispatcher)
    async with asterisk.operator(do="answer") as operator, asterisk.call() as (caller, channel):
        alone.look(await channels(asterisk.ami), ())
        assert dispatcher.operators()[0].state is OperatorState.READY
        await channel.let_go()
        asterisk.release.set()
        await operator.wait("answered")
        alone.look(await channels(asterisk.ami), ())
        assert dispatcher.operators()[0].state is OperatorState.TALKING
        await caller.hang_up()
        await operator.wait("disconnected")
        async with asyncio.timeout(5):  # the phone knows it a moment before Asterisk has let the channel go
            while dispatcher.operators()[0].state is not OperatorState.READY:
                alone.look(await channels(asterisk.ami), ())
