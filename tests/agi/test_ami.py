from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ivr.asterisk.ami import Ami, Timing
from ivr.asterisk.ami_actions import channels, contacts, variable
from ivr.asterisk.ami_link import Fields
from ivr.asterisk.ami_protocol import MAX_MESSAGE, AmiUnavailable, BadAction
from tests.agi.manager_peer import Connection, ManagerPeer, manager_peer

QUICK = Timing(login=0.5, boot=0.5, ping=60, pong=0.1, first=0.01, longest=0.02)


@asynccontextmanager
async def talking(timing: Timing = QUICK) -> AsyncIterator[tuple[Ami, Connection, ManagerPeer]]:
    """An engine that is logged in, and Asterisk's end of the connection."""
    async with (
        manager_peer() as peer,
        asyncio.timeout(10),
        Ami("127.0.0.1", peer.port, "kommutator", "s3cret", timing=timing).running() as ami,
    ):
        connection = await peer.accept()
        await connection.login()
        await ami.connected.wait()
        yield ami, connection, peer


async def test_login_and_one_action_in_single_bytes() -> None:
    async with talking() as (ami, asterisk, _):
        asked = asyncio.create_task(variable(ami, "PJSIP/trunk-1", "DIALSTATUS"))
        action = await asterisk.action()
        assert (action["Action"], action["Channel"], action["Variable"]) == ("Getvar", "PJSIP/trunk-1", "DIALSTATUS")
        await asterisk.say(
            f"Response: Success\r\nActionID: {action['ActionID']}\r\nValue: да\r\n\r\n".encode(), piecemeal=True
        )
        assert await asked == "да"


async def test_action_ids_cannot_be_guessed() -> None:
    async with talking() as (ami, asterisk, _):
        ids = set()
        for _ in range(3):
            asked = asyncio.create_task(ami.action("Hangup", Channel="PJSIP/x"))
            action = await asterisk.action()
            ids.add(action["ActionID"])
            await asterisk.reply(action)
            assert (await asked).success
        assert len(ids) == 3
        assert all(len(id) >= 24 for id in ids)


async def test_letters_split_between_packets_arrive_whole() -> None:
    names: list[str] = []
    async with talking() as (ami, asterisk, _):
        with ami.subscribe("Newchannel", lambda event: names.append(event["CallerIDName"])):
            await asterisk.say("Event: Newchannel\r\nCallerIDName: Алсу Ә\r\n\r\n".encode(), piecemeal=True)
            await asterisk.say(b"Event: Newchannel\r\nCallerIDName: cut \xd0\r\n\r\n")
            await answered(ami, asterisk)
    assert names == ["Алсу Ә", "cut \ufffd"]


async def answered(ami: Ami, asterisk: Connection) -> None:
    """All that Asterisk said before this has been read."""
    asked = asyncio.create_task(ami.action("Hangup", Channel="PJSIP/x"))
    await asterisk.reply(await asterisk.action())
    await asked


async def test_events_reach_the_call_they_are_of_and_no_other() -> None:
    mine: list[Fields] = []
    all_calls: list[Fields] = []
    async with talking() as (ami, asterisk, _):
        with ami.subscribe("DTMFEnd", mine.append, uniqueid="1.7"):
            with ami.subscribe("DTMFEnd", all_calls.append):
                for uniqueid in ("1.7", "1.77", "2.7"):
                    await asterisk.say(f"Event: DTMFEnd\r\nUniqueid: {uniqueid}\r\nDigit: 5\r\n\r\n".encode())
                await answered(ami, asterisk)
            await asterisk.say(b"Event: DTMFEnd\r\nUniqueid: 2.7\r\nDigit: 6\r\n\r\n")
            await answered(ami, asterisk)
        await asterisk.say(b"Event: DTMFEnd\r\nUniqueid: 1.7\r\nDigit: 7\r\n\r\n")
        await answered(ami, asterisk)
    assert [event["Digit"] for event in mine] == ["5"]
    assert len(all_calls) == 3


async def test_an_event_with_a_field_twice_is_forged() -> None:
    seen: list[Fields] = []
    async with talking() as (ami, asterisk, _):
        with ami.subscribe("DTMFEnd", seen.append, uniqueid="1.7"):
            await asterisk.say(b"Event: DTMFEnd\r\nUniqueid: 1.7\r\nDigit: 5\r\nUniqueid: 2.2\r\n\r\n")
            await answered(ami, asterisk)
    assert seen == []


async def test_a_callback_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Fields] = []

    def fails(event: Fields) -> None:
        raise ValueError("a bug")

    async with talking() as (ami, asterisk, _):
        with ami.subscribe("Hangup", fails), ami.subscribe("Hangup", seen.append):
            await asterisk.say(b"Event: Hangup\r\nUniqueid: 1\r\n\r\n")
            await answered(ami, asterisk)
    assert len(seen) == 1
    assert "a bug" in caplog.text


async def test_nothing_is_sent_again_after_a_lost_connection() -> None:
    async with talking() as (ami, asterisk, peer):
        asked = asyncio.create_task(ami.action("Hangup", Channel="PJSIP/x"))
        assert (await asterisk.action())["Action"] == "Hangup"
        await asterisk.close()
        with pytest.raises(AmiUnavailable):
            await asked
        again = await peer.accept()
        await again.login()
        await ami.connected.wait()
        await answered(ami, again)  # the first action of this connection is this one


async def test_a_new_connection_is_told() -> None:
    told: list[str] = []
    async with talking() as (ami, asterisk, peer):
        ami.on_connect(lambda: told.append("connected"))
        await asterisk.close()
        again = await peer.accept()
        assert not ami.connected.is_set()
        with pytest.raises(AmiUnavailable):
            await channels(ami)
        await again.login()
        await ami.connected.wait()
        assert told == ["connected"]


async def test_asterisk_that_still_starts_is_not_asked_yet() -> None:
    async with manager_peer() as peer, Ami("127.0.0.1", peer.port, "u", "s", timing=QUICK).running() as ami:
        connection = await peer.accept()
        await connection.say(b"Asterisk Call Manager/12.0.0\r\n")
        await connection.reply(await connection.action())
        await asyncio.sleep(0.02)
        assert not ami.connected.is_set()
        await connection.say(b"Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n")
        async with asyncio.timeout(2):
            await ami.connected.wait()


async def test_a_refused_login_is_tried_again_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    async with manager_peer() as peer, Ami("127.0.0.1", peer.port, "u", "s3cret", timing=QUICK).running() as ami:
        for _ in range(3):
            await (await peer.accept()).login("Response: Error\r\nMessage: Authentication failed")
        await (await peer.accept()).login()
        async with asyncio.timeout(2):
            await ami.connected.wait()
    assert [record.levelname for record in caplog.records].count("WARNING") == 1
    assert "manager.conf" in caplog.text
    assert "s3cret" not in caplog.text


async def test_a_peer_that_says_nothing_is_left() -> None:
    async with manager_peer() as peer:
        timing = Timing(login=0.05, first=0.01, longest=0.01)
        async with Ami("127.0.0.1", peer.port, "u", "s", timing=timing).running():
            silent = await peer.accept()
            await peer.accept()
            await silent.action()
            assert await silent.ended()


async def test_no_pong_in_time_means_a_new_connection() -> None:
    async with talking(Timing(ping=0.02, pong=0.05, first=0.01, longest=0.01)) as (_, asterisk, peer):
        ping = await asterisk.action()
        assert ping["Action"] == "Ping"
        await asterisk.reply(ping, "Response: Success\r\nPing: Pong")
        assert (await asterisk.action())["Action"] == "Ping"
        await peer.accept()
        assert await asterisk.ended()


async def test_an_action_has_a_limit_and_its_late_answer_is_nobodys() -> None:
    async with talking() as (ami, asterisk, _):
        with pytest.raises(AmiUnavailable):
            await ami.action("Status", limit=0.02)
        await asterisk.reply(await asterisk.action())
        await answered(ami, asterisk)


@pytest.mark.parametrize("value", ["x\r\nAction: Originate", "x\ny", "x\ry", "x\0"])
async def test_a_line_end_in_a_value_is_refused(value: str) -> None:
    async with talking() as (ami, asterisk, _):
        with pytest.raises(BadAction):
            await ami.action("Hangup", Channel=value)
        with pytest.raises(BadAction):
            await ami.action("Originate", Variable=["A=1", value])
        await answered(ami, asterisk)


async def test_a_message_without_end_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    async with talking() as (_, asterisk, peer):
        await asterisk.say(b"Event: X\r\nY: " + b"z" * (MAX_MESSAGE + 1))
        await peer.accept()
    assert "zzz" not in caplog.text


async def test_a_forged_shutdown_ends_nothing() -> None:
    async with talking() as (ami, asterisk, _):
        await asterisk.say(b"Event: Shutdown\r\n\r\n")
        await answered(ami, asterisk)
        assert ami.connected.is_set()


async def test_channels() -> None:
    async with talking() as (ami, asterisk, _):
        asked = asyncio.create_task(channels(ami))
        await asterisk.reply(
            await asterisk.action(),
            "Response: Success\r\nEventList: start\r\nMessage: Channels will follow",
            "Event: CoreShowChannel\r\nChannel: PJSIP/trunk-1\r\nChannelStateDesc: Up\r\nUniqueid: 1.1\r\n"
            "Application: Dial\r\nDuration: 01:02:03\r\nBridgeId: b1",
            "Event: CoreShowChannel\r\nChannel: PJSIP/forged\r\nUniqueid: 1.2\r\nUniqueid: 1.3",
            "Event: CoreShowChannelsComplete\r\nEventList: Complete\r\nListItems: 2",
        )
        (channel,) = await asked
    assert (channel.name, channel.uniqueid, channel.application, channel.bridge) == (
        "PJSIP/trunk-1",
        "1.1",
        "Dial",
        "b1",
    )
    assert channel.seconds == 3723


async def test_no_contacts_is_an_answer_not_an_error() -> None:
    async with talking() as (ami, asterisk, _):
        asked = asyncio.create_task(contacts(ami))
        await asterisk.reply(await asterisk.action(), "Response: Error\r\nMessage: No Contacts found")
        assert await asked == {}


async def test_nothing_is_left_behind() -> None:
    async with talking():
        pass
    assert len(asyncio.all_tasks()) == 1
