"""The channel's words to Asterisk, over real sockets; that Asterisk understands them is shown by the e2e tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.asterisk.ami import Ami
from ivr.asterisk.asking import MOST_TRIES
from ivr.asterisk.channel import AsteriskChannel
from ivr.asterisk.typed_keys import MOST
from ivr.channel import CallerGone, Keyed, QueueRequest, QueueResult, RingOutcome, Rung
from ivr.speech import Utterance
from tests.agi.asterisk import ScriptedAsterisk
from tests.agi.conftest import joined
from tests.agi.manager_peer import Connection, manager_peer
from tests.told import Told
from tests.until import until

MENU = (Utterance("ru", "Меню", "/p/menu"), Utterance("ru", "Ещё", "/p/more"))
UNIQUEID = "1700000000.1"


@dataclass
class Scene:
    """A call, and the three who speak on it."""

    channel: AsteriskChannel
    agi: ScriptedAsterisk
    manager: Connection
    ami: Ami
    reactions: list[float]

    async def event(self, name: str, **fields: str) -> None:
        lines = [f"Event: {name}", *(f"{key}: {value}" for key, value in fields.items())]
        await self.manager.say(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def key(self, digit: str, uniqueid: str = UNIQUEID, direction: str = "Received") -> None:
        await self.event("DTMFEnd", Uniqueid=uniqueid, Digit=digit, Direction=direction)


async def no_queue(*_: object) -> QueueResult:
    return QueueResult.CLOSED


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    async with manager_peer() as peer, Ami("127.0.0.1", peer.port, "u", "s").running() as ami, joined() as call:
        manager = await peer.accept()
        await manager.login()
        await ami.connected.wait()
        reactions: list[float] = []
        channel = AsteriskChannel(call.session, ami, no_queue, key_to_prompt=reactions.append)
        yield Scene(channel, call.asterisk, manager, ami, reactions)


async def test_who_calls_whom() -> None:
    async with scene() as on:
        assert (on.channel.uniqueid, on.channel.called, on.channel.caller) == (UNIQUEID, "78005553535", "79161234567")


async def test_a_key_stops_the_speech() -> None:
    async with scene() as on:
        played = asyncio.create_task(on.channel.play(MENU, keys="05"))
        await on.agi.answer(("STREAM FILE /p/menu 05", "200 result=53 endpos=800"), saw("", "", "15"))
        assert await played == "5"


async def test_nothing_stops_what_must_be_heard() -> None:
    async with scene() as on:
        played = asyncio.create_task(on.channel.play(MENU, keys=""))
        await on.agi.answer(
            saw(""),
            ('STREAM FILE /p/menu ""', "200 result=0 endpos=8"),
            ('STREAM FILE /p/more ""', "200 result=0 endpos=8"),
            saw(""),
        )
        assert await played is None


async def test_what_cannot_be_played_is_logged_and_the_rest_is_said(caplog: pytest.LogCaptureFixture) -> None:
    async with scene() as on:
        secret = Utterance("ru", "112 233 445 95", "/p/112", private=True)
        played = asyncio.create_task(on.channel.play((secret, Utterance("ru", "слова"), *MENU), keys="1"))
        await on.agi.answer(
            ("STREAM FILE /p/112 1", "200 result=-1 endpos=0"),
            ("CHANNEL STATUS", "200 result=6"),
            ("STREAM FILE /p/menu 1", "200 result=49 endpos=8"),
            saw("", "", "1"),
        )
        assert await played == "1"
    assert len(caplog.records) == 2
    assert "слова" in caplog.text
    assert "112" not in caplog.text


@pytest.mark.parametrize("news", ["HANGUP\n200 result=-1 endpos=1\n", "200 result=-1 endpos=1\n"])
async def test_hang_up_in_the_middle_of_a_word(news: str) -> None:
    async with scene() as on:
        played = asyncio.create_task(on.channel.play(MENU))
        assert await on.agi.hear() == "STREAM FILE /p/menu 0123456789*#"
        await on.agi.say(news.encode())
        if "HANGUP" not in news:
            assert await on.agi.hear() == "CHANNEL STATUS"
            await on.agi.say(b"HANGUP\n511 Command Not Permitted on a dead channel or intercept routine\n")
        with pytest.raises(CallerGone) as gone:
            await played
        assert not gone.value.lost


def question(files: str, most: int, seconds: str = "") -> str:
    """The command that asks, unless something was typed ahead."""
    read = f"Read(KOMMUTATOR_KEYED,{files},{most}{seconds})"
    return f'EXEC Exec "ExecIf(${{ISNULL(${{KOMMUTATOR_TYPED}})}}?{read}:Set(READSTATUS=AHEAD))"'


LOOK = 'GET FULL VARIABLE "${READSTATUS}|${SHIFT(KOMMUTATOR_KEYED)}|${SHIFT(KOMMUTATOR_TYPED)}"'
FIVE = ",,1,5"
ONE_MENU = question("/p/menu", 1, FIVE)
ASKED = "200 result=0"


def saw(status: str, keyed: str = "", typed: str = "") -> tuple[str, str]:
    """A look, and what Asterisk tells."""
    return LOOK, f"200 result=1 ({status}|{keyed}|{typed})"


def asked(on: Scene, *, most: int = 1, first: float = 5, between: float = 3) -> asyncio.Task[Keyed]:
    return asyncio.create_task(on.channel.ask(MENU[: 1 if most == 1 else 2], most=most, first=first, between=between))


@pytest.mark.parametrize(
    ("looked", "keyed"),
    [
        (saw("OK", "7", "7"), Keyed("7")),
        (saw("OK", "*", "*"), Keyed("*")),
        (saw("OK", "", "#"), Keyed(ended=True)),
        (saw("TIMEOUT"), Keyed()),
    ],
)
async def test_a_menu_and_its_key_are_one_command_and_a_look(looked: tuple[str, str], keyed: Keyed) -> None:
    async with scene() as on:
        key = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), looked)
        assert await key == keyed


async def test_a_key_that_no_telephone_has_answers_nothing() -> None:
    async with scene() as on:
        key = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), saw("OK", "A", "A"), (ONE_MENU, ASKED), saw("OK", "2", "2"))
        assert await key == Keyed("2")


async def test_keys_typed_ahead_answer_the_next_questions_each_once() -> None:
    async with scene() as on:
        key = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), saw("OK", "1", "1124#3"))
        assert await key == Keyed("1")
        assert await asked(on) == Keyed("1")
        assert await asked(on, most=11) == Keyed("24", ended=True)
        assert await asked(on) == Keyed("3")


async def test_a_key_that_came_between_two_questions_is_asked_for_no_more() -> None:
    async with scene() as on:
        key = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), saw("AHEAD", "", "4"))
        assert await key == Keyed("4")
        entry = asked(on, most=3, between=5)
        more = question("", 1, FIVE)
        first = question("/p/menu&/p/more", 3, FIVE)
        await on.agi.answer((first, ASKED), saw("AHEAD", "", "12"), (more, ASKED), saw("OK", "3", "3"))
        assert await entry == Keyed("123")


async def test_the_echo_of_a_short_key_answers_nothing_and_ends_nothing() -> None:
    async with scene() as on:
        key = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), saw("OK", "1", ""), (ONE_MENU, ASKED), saw("OK", "2", "2"))
        assert await key == Keyed("2")
        entry = asked(on, most=2, between=5)
        first = question("/p/menu&/p/more", 2, FIVE)
        await on.agi.answer((first, ASKED), saw("TIMEOUT", "1", ""), (first, ASKED), saw("TIMEOUT"))
        assert await entry == Keyed()
        played = asyncio.create_task(on.channel.play(MENU[:1]))
        stream = "STREAM FILE /p/menu 0123456789*#"
        await on.agi.answer((stream, "200 result=49 endpos=8"), saw("OK"), (stream, "200 result=0 endpos=800"))
        assert await played is None


async def test_a_question_is_not_asked_for_ever() -> None:
    async with scene() as on:
        key = asked(on)
        await on.agi.answer(*[(ONE_MENU, ASKED), saw("OK", "1", "")] * MOST_TRIES)
        assert await key == Keyed()


async def test_how_long_the_next_words_took_after_an_answer_is_told_once() -> None:
    async with scene() as on:
        played = asyncio.create_task(on.channel.play(MENU[:1]))
        await on.agi.answer(("STREAM FILE /p/menu 0123456789*#", "200 result=0 endpos=8"))
        assert await played is None
        first = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), saw("OK", "7", "7"))
        await first
        assert on.reactions == []
        again = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), saw("OK", "7", "7"))
        await again
        assert [0 < seconds < 5 for seconds in on.reactions] == [True]


async def test_an_entry_is_one_command_and_its_own_time_limits_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    async with scene() as on:
        entry = asked(on, most=11, between=4)
        limits = (
            ('SET VARIABLE "TIMEOUT(response)" 5', "200 result=1"),
            ('SET VARIABLE "TIMEOUT(digit)" 4', "200 result=1"),
        )
        read = question("/p/menu&/p/more", 11)
        await on.agi.answer(*limits, (read, ASKED), saw("OK", "11223344595", "11223344595"))
        assert await entry == Keyed("11223344595")
        for looked, keyed in (
            (saw("TIMEOUT", "12", "12"), Keyed("12")),
            (saw("OK", "12", "12#"), Keyed("12", ended=True)),
        ):
            entry = asked(on, most=11, between=4)
            await on.agi.answer((read, ASKED), looked)
            assert await entry == keyed
    assert "11223344595" not in caplog.text + repr(Keyed("11223344595"))


async def test_a_question_in_several_pieces_is_one_command() -> None:
    async with scene() as on:
        key = asyncio.create_task(on.channel.ask(MENU, most=1, first=5, between=3))
        await on.agi.answer((question("/p/menu&/p/more", 1, FIVE), ASKED), saw("OK", "2", "2"))
        assert await key == Keyed("2")


@pytest.mark.parametrize("path", ["/p,q/menu", "/p/${X}", "/p(1)/menu", "/p?/menu", "/p:2/menu"])
async def test_a_path_that_asterisk_would_take_apart_is_played_by_itself(path: str) -> None:
    odd = Utterance("ru", "Меню", path)
    async with scene() as on:
        key = asyncio.create_task(on.channel.ask((odd, odd), most=2, first=5, between=5))
        assert (await on.agi.hear()).startswith("STREAM FILE ")
        await on.agi.say(b"200 result=53 endpos=8\n")
        await on.agi.answer(saw("", "", "5"), (question("", 1, FIVE), ASKED), saw("OK", "7", "7"))
        assert await key == Keyed("57")


async def test_a_question_that_cannot_be_played_still_waits_for_its_key(caplog: pytest.LogCaptureFixture) -> None:
    async with scene() as on:
        key = asked(on)
        await on.agi.answer(
            (ONE_MENU, ASKED),
            saw("ERROR"),
            ("CHANNEL STATUS", "200 result=6"),
            (question("", 1, FIVE), ASKED),
            saw("OK", "4", "4"),
        )
        assert await key == Keyed("4")
    assert len(caplog.records) == 1


async def test_hang_up_in_the_middle_of_an_entry() -> None:
    async with scene() as on:
        entry = asyncio.create_task(on.channel.ask(MENU, most=1, first=5, between=3))
        await on.agi.answer((question("/p/menu&/p/more", 1, FIVE), ASKED), saw("HANGUP"))
        assert await on.agi.hear() == "CHANNEL STATUS"
        await on.agi.say(b"HANGUP\n511 Command Not Permitted on a dead channel or intercept routine\n")
        with pytest.raises(CallerGone) as gone:
            await entry
        assert not gone.value.lost


async def test_keys_pressed_ahead_during_words_that_nothing_stops_are_kept_for_the_question() -> None:
    async with scene() as on:
        played = asyncio.create_task(on.channel.play(MENU[:1], keys=""))
        words = ('STREAM FILE /p/menu ""', "200 result=0 endpos=8")
        await on.agi.answer(saw("", "", "99"), words, saw("", "", "7124"))
        assert await played is None
        assert await on.channel.play(MENU) == "7", "what was typed before those words is forgotten"
        assert await asked(on) == Keyed("1")
        entry = asked(on, most=3, between=5)
        await on.agi.answer((question("", 1, FIVE), ASKED), saw("OK", "0", "0"))
        assert await entry == Keyed("240")


async def music(on: Scene) -> None:
    task = asyncio.create_task(on.channel.music(on=True))
    tell_of_keys = ('SET VARIABLE "CHANNEL(accountcode)" listening', "200 result=1")
    await on.agi.answer(("SET MUSIC ON", "200 result=0"), tell_of_keys, saw(""))
    await task


async def test_a_key_while_music_plays_is_looked_at_when_ami_tells_of_one() -> None:
    async with scene() as on:
        await music(on)
        waiting = asyncio.create_task(on.channel.waiting_key())
        await on.key("9", uniqueid="1700000000.12")
        await on.key("8", direction="Sent")
        await on.key("5")
        await on.agi.answer(saw("", "", "56"))
        assert await waiting == "5"
        assert await on.channel.waiting_key() == "6"


async def test_a_key_that_a_caller_forges_for_another_is_none() -> None:
    async with scene() as on:
        await music(on)
        waiting = asyncio.create_task(on.channel.waiting_key())
        await on.key("0")
        await on.agi.answer(saw(""))
        assert not waiting.done()
        await on.key("5")
        await on.agi.answer(saw("", "", "5"))
        assert await waiting == "5"


async def test_what_was_pressed_while_music_played_answers_no_question() -> None:
    async with scene() as on:
        await music(on)
        ended = asyncio.create_task(on.channel.music(on=False))
        await on.agi.answer(("SET MUSIC OFF", "200 result=0"))
        await ended
        key = asked(on)
        await on.agi.answer(saw("", "", "111"), (ONE_MENU, ASKED), saw("OK", "2", "2"))
        assert await key == Keyed("2")


async def test_a_thousand_keys_are_bounded() -> None:
    async with scene() as on:
        key = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), saw("OK", "1", "1" * 511))
        assert await key == Keyed("1")
        for _ in range(MOST - 1):
            assert await asked(on) == Keyed("1")
        last = asked(on)
        await on.agi.answer((ONE_MENU, ASKED), saw("TIMEOUT"))
        assert await last == Keyed()


async def test_hang_up_while_waiting_is_known_at_once() -> None:
    async with scene() as on:
        await music(on)
        waiting = asyncio.create_task(on.channel.waiting_key())
        await asyncio.sleep(0)
        await on.agi.say(b"HANGUP\n")
        with pytest.raises(CallerGone) as gone:
            await waiting
        assert not gone.value.lost
        done = asyncio.create_task(on.channel.finish())
        await on.agi.answer(("SET VARIABLE KOMMUTATOR_DONE 1", "200 result=1"))
        await done


async def test_a_recording_ended_by_hanging_up_is_kept(tmp_path: Path) -> None:
    async with scene() as on:
        path = tmp_path / "2026/message.wav"
        recorded = asyncio.create_task(on.channel.record(path, max_seconds=60, silence=2.5, end_keys="#"))
        assert await on.agi.hear() == f"RECORD FILE {path.with_suffix('')} wav # 60000 BEEP s=3".replace("s=3", '"s=3"')
        path.write_bytes(bytes(44 + 32_000))
        await on.agi.say(b"HANGUP\n200 result=-1 (hangup) endpos=0\n")
        assert await recorded == 2.0
        with pytest.raises(CallerGone):
            await on.channel.play(MENU)


async def test_without_a_beep_the_message_is_recorded_all_the_same(tmp_path: Path) -> None:
    async with scene() as on:
        path = tmp_path / "m.wav"
        recorded = asyncio.create_task(on.channel.record(path, max_seconds=9, silence=3, end_keys="#"))
        assert "BEEP" in await on.agi.hear()
        await on.agi.say(b"200 result=-1 (randomerror) endpos=0\n")
        await on.agi.answer(("CHANNEL STATUS", "200 result=6"))
        assert "BEEP" not in await on.agi.hear()
        path.write_bytes(bytes(44 + 8000))
        await on.agi.say(b"200 result=0 (timeout) endpos=4000\n")
        assert await recorded == 0.5


async def test_a_recording_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    async with scene() as on:
        recorded = asyncio.create_task(on.channel.record(tmp_path / "m.wav", max_seconds=60, silence=3, end_keys="#"))
        assert await on.agi.hear()
        await on.agi.say(b"200 result=-1 (writefile)\n")
        with pytest.raises(OSError, match="could not write"):
            await recorded


LISTENS = (
    (r'EXEC Exec "ExecIf(1${LOCK(typed)}?TryExec(StoreDTMF(RX,KOMMUTATOR_TYPED)))"', "200 result=0"),
    (r'EXEC Exec "Set(KOMMUTATOR_KEEPS=${UNLOCK(typed)})"', "200 result=0"),
)
"""While a phone rang and people talked no key was kept; now they are again."""


@dataclass
class Ring:
    """An operator's phone rings; ``told``: what the engine knows of it."""

    on: Scene
    task: asyncio.Task[Rung]
    told: Told

    async def ends(self, status: str, *more: tuple[str, str], first: bytes = b"") -> Rung:
        await self.on.agi.say(first + b"200 result=0\n")
        await self.on.agi.answer(("GET VARIABLE DIALSTATUS", f"200 result=1 ({status})"), *more)
        if not first:
            await self.on.agi.answer(*LISTENS)
        return await self.task


async def ringing(on: Scene, record_to: Path | None = None) -> Ring:
    told = Told()
    task = asyncio.create_task(
        on.channel.ring("anna", 19.5, shown='12 "ru",\r\nтех', record_to=record_to, moments=told)
    )
    await on.agi.answer(('SET VARIABLE "CALLERID(name)" "12 ru"', "200 result=1"))
    if record_to is not None:
        await on.agi.answer((f'EXEC MixMonitor "{record_to},b"', "200 result=0"))
    assert await on.agi.hear() == 'EXEC Dial "PJSIP/anna,20,gimB(quiet^s^1)U(talking)"'
    return Ring(on, task, told)


async def test_the_answer_is_told_when_it_comes_and_confirmed_by_asterisk() -> None:
    async with scene() as on:
        ring = await ringing(on)
        await on.event("DialEnd", Uniqueid=UNIQUEID, DialStatus="ANSWER")
        action = await on.manager.action()
        assert (action["Action"], action["Channel"], action["Variable"]) == (
            "Getvar", "PJSIP/trunk-00000001", "DIALSTATUS"
        )  # fmt: skip
        await on.manager.reply(action, "Response: Success\r\nValue: ANSWER")
        await until(lambda: ring.told == ["dialled", "answered"])
        rung = await ring.ends("ANSWER")
        assert (rung.outcome, rung.caller_gone) == (RingOutcome.ANSWERED, False)
        assert 0 < rung.talk_seconds < 5
        assert ring.told == ["dialled", "answered", "over"]


async def test_a_forged_answer_is_not_believed() -> None:
    async with scene() as on:
        ring = await ringing(on)
        await on.event("DialEnd", Uniqueid=UNIQUEID, DialStatus="ANSWER")
        for _ in range(3):
            await on.manager.reply(await on.manager.action(), "Response: Success\r\nValue: ")
        rung = await ring.ends("NOANSWER")
        assert rung.outcome is RingOutcome.NO_ANSWER
        assert ring.told == ["dialled"]


async def test_an_answer_that_ami_did_not_tell_is_told_at_the_end() -> None:
    async with scene() as on:
        ring = await ringing(on)
        rung = await ring.ends("ANSWER")
        assert rung.outcome is RingOutcome.ANSWERED
        assert ring.told == ["dialled", "answered", "over"]


async def test_an_operator_is_free_when_the_conversation_ends_not_when_its_file_is_there(tmp_path: Path) -> None:
    async with scene() as on:
        path = tmp_path / "12-101500.wav"
        ring = await ringing(on, path)
        await on.agi.say(b"200 result=0\n")
        await on.agi.answer(("GET VARIABLE DIALSTATUS", "200 result=1 (ANSWER)"))
        assert await on.agi.hear() == "EXEC StopMixMonitor"
        assert ring.told == ["dialled", "answered", "over"]
        await on.agi.say(b"200 result=0\n")
        await on.agi.answer(*LISTENS)
        path.write_bytes(bytes(44 + 16_000))
        assert (await ring.task).talk_seconds == pytest.approx(1, abs=0.5)


@pytest.mark.parametrize(
    ("status", "cause", "outcome"),
    [
        ("NOANSWER", "", RingOutcome.NO_ANSWER),
        ("BUSY", "", RingOutcome.DECLINED),
        ("CHANUNAVAIL", "21", RingOutcome.DECLINED),
        ("CHANUNAVAIL", "3", RingOutcome.UNREACHABLE),
        ("CONGESTION", "34", RingOutcome.UNREACHABLE),
    ],
)
async def test_outcomes(status: str, cause: str, outcome: RingOutcome) -> None:
    async with scene() as on:
        ring = await ringing(on)
        more = [("GET VARIABLE HANGUPCAUSE", f"200 result=1 ({cause})")] if cause else []
        assert await ring.ends(status, *more) == Rung(outcome)


async def test_a_caller_who_leaves_while_it_rings() -> None:
    async with scene() as on:
        ring = await ringing(on)
        with pytest.raises(CallerGone) as gone:
            await ring.ends("CANCEL", first=b"HANGUP\n")
        assert not gone.value.lost


async def test_a_caller_who_hangs_up_on_the_operator_has_talked() -> None:
    async with scene() as on:
        ring = await ringing(on)
        rung = await ring.ends("ANSWER", first=b"HANGUP\n")
        assert rung.outcome is RingOutcome.ANSWERED
        assert rung.caller_gone


async def test_a_lost_connection_is_not_the_end_of_a_conversation() -> None:
    async with scene() as on:
        ring = await ringing(on)
        await on.agi.close()
        with pytest.raises(CallerGone) as gone:
            await ring.task
        assert gone.value.lost


async def test_what_nobody_answered_leaves_no_recording(tmp_path: Path) -> None:
    async with scene() as on:
        path = tmp_path / "2026/12-101500.wav"
        ring = await ringing(on, path)
        path.write_bytes(bytes(44))
        rung = await ring.ends("NOANSWER", ("EXEC StopMixMonitor", "200 result=0"))
        assert rung.outcome is RingOutcome.NO_ANSWER
        assert not path.exists()


async def test_a_disk_that_refuses_does_not_keep_a_caller_from_an_operator(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    async with scene() as on:
        blocked = tmp_path / "file" / "x.wav"
        task = asyncio.create_task(on.channel.ring("anna", 20, shown="x", record_to=blocked, moments=Told()))
        await on.agi.answer(
            ('SET VARIABLE "CALLERID(name)" x', "200 result=1"),
            ('EXEC Dial "PJSIP/anna,20,gimB(quiet^s^1)U(talking)"', "200 result=0"),
            ("GET VARIABLE DIALSTATUS", "200 result=1 (ANSWER)"),
            *LISTENS,
        )
        assert (await task).outcome is RingOutcome.ANSWERED
    assert "not recorded" in caplog.text


async def test_an_operators_id_cannot_be_a_second_destination() -> None:
    async with scene() as on:
        with pytest.raises(ValueError, match="operator"):
            await on.channel.ring("anna&PJSIP/trunk/810", 5, shown="", record_to=None, moments=Told())


async def test_enqueue_is_the_queues_own_affair() -> None:
    async with scene() as on:
        assert await on.channel.enqueue(None, QueueRequest("q", {})) is QueueResult.CLOSED
