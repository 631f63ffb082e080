"""What became of calls that no engine saw to their end. Asterisk is a scripted peer over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ivr.asterisk import aftermath
from ivr.asterisk.aftermath import Aftermath
from ivr.asterisk.ami import Ami, Timing
from ivr.asterisk.departures import Departure
from ivr.calllog.events import Answered, AnyEvent, End, Ended, MessageLeft, Offered, Queued, Started, TalkEnded
from ivr.calllog.state import CallState
from ivr.recovery import Unfinished
from ivr.tickets.faults import DatabaseError
from routing.model import OperatorState
from routing.views import OperatorView
from tests.agi.manager_peer import Connection, ManagerPeer, manager_peer
from tests.until import until

AT = 1_795_000_000.0
CHANNEL = "Event: CoreShowChannel\r\nUniqueid: {id}\r\nLinkedid: {call}\r\nChannel: PJSIP/{peer}-00000001"
COMPLETE = "Event: CoreShowChannelsComplete\r\nEventList: Complete\r\nListItems: 0"
LIST = "Response: Success\r\nEventList: start\r\nMessage: Channels will follow"


class Asterisk:
    """The scripted peer: its channels, and how often it was asked for them."""

    def __init__(self, peer: ManagerPeer) -> None:
        self.peer = peer
        self.channels: list[str] = []
        self.phones: dict[str, tuple[str, str]] = {}  # an operator's channel -> who, and for which call
        self.joined = ""
        self.refuses = False
        self.looks = 0
        self.connection: Connection | None = None

    async def run(self) -> None:
        while True:
            self.connection = await self.peer.arrivals.get()
            await self.connection.login()
            try:
                while True:
                    await self._answer(await self.connection.action())
            except (asyncio.IncompleteReadError, ConnectionError):
                continue

    async def _answer(self, action: dict[str, str]) -> None:
        assert self.connection is not None
        if action["Action"] == "Getvar":
            await self.connection.reply(action, f"Response: Success\r\nVariable: TALKING\r\nValue: {self.joined}")
        elif action["Action"] != "CoreShowChannels":
            await self.connection.reply(action)
        elif self.refuses:
            await self.connection.reply(action, "Response: Error\r\nMessage: Permission denied")
        else:
            callers = [CHANNEL.format(id=each, call=each, peer="kommutator-trunk") for each in self.channels]
            phones = [CHANNEL.format(id=id, call=call, peer=peer) for id, (peer, call) in self.phones.items()]
            await self.connection.reply(action, LIST, *callers, *phones, COMPLETE)
        self.looks += action["Action"] == "CoreShowChannels"

    async def hangs_up(self, call_id: str) -> None:
        self.channels = [each for each in self.channels if each != call_id]
        self.phones.pop(call_id, None)
        await self._tells("Hangup", call_id)

    async def picks_up(self, call_id: str, at: float) -> None:
        self.joined = f"{at:.0f}"
        await self._tells("DialEnd", call_id)

    async def _tells(self, name: str, call_id: str) -> None:
        assert self.connection is not None
        event = f"Event: {name}\r\nPrivilege: call,all\r\nChannel: PJSIP/t-1\r\nUniqueid: {call_id}\r\n\r\n"
        await self.connection.say(event.encode())


class Conversations:
    """The dispatcher's part."""

    def __init__(self) -> None:
        self.talking: dict[str, str] = {}
        self.known = {"anna"}
        self.state = OperatorState.READY
        self.asked = 0

    def operators(self) -> list[OperatorView]:
        return [OperatorView(id, {}, self.state, "", AT) for id in self.known if id not in str(self.talking)]

    def restore_talking(self, operator_id: str, contact_id: str, queue: str = "") -> bool:
        self.asked += 1
        if operator_id in self.known:
            self.talking[contact_id] = f"{operator_id} of {queue}"
        return operator_id in self.known

    def talk_ended(self, contact_id: str) -> None:
        del self.talking[contact_id]


class Rig:
    def __init__(self, path: Path, ami: Ami, asterisk: Asterisk) -> None:
        self.path, self.ami, self.asterisk = path, ami, asterisk
        self.events: list[tuple[str, AnyEvent]] = []
        self.now = AT + 100
        self.unfinished = Unfinished(self, lambda: self.now)
        self.conversations = Conversations()
        self.in_progress: set[str] = set()
        self.tickets: set[str] = set()
        self.database: Exception | None = None
        self.unseen: list[str] = []
        self.messages: dict[str, str] = {}
        self.aftermath = Aftermath(
            ami,
            path,
            self.unfinished,
            self.conversations,
            in_progress=lambda: self.in_progress,
            known=self._known,
            unseen=self._unseen,
            message=lambda call_id: self.messages.get(call_id, ""),
        )

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        self.events.append((call_id, event))

    async def _known(self, call_id: str) -> bool:
        if self.database is not None:
            raise self.database
        return call_id in self.tickets

    def _unseen(self, departure: Departure) -> None:
        self.unseen.append(departure.call_id)
        self.tickets.add(departure.call_id)

    def tells(self, *lines: str) -> None:
        with self.path.open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    async def looked(self, times: int) -> None:
        await until(lambda: self.asterisk.looks >= times)

    def of(self, call_id: str) -> list[AnyEvent]:
        return [event for of, event in self.events if of == call_id]


@pytest.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    monkeypatch.setattr(aftermath, "SETTLE", 0.0)
    monkeypatch.setattr(aftermath, "RETRY", 0.02)
    async with manager_peer() as peer:
        asterisk = Asterisk(peer)
        answering = asyncio.create_task(asterisk.run())
        ami = Ami("127.0.0.1", peer.port, "u", "s", timing=Timing(first=0.02, longest=0.02))
        yield Rig(tmp_path / "departures.csv", ami, asterisk)
        answering.cancel()
        await asyncio.wait([answering])


@asynccontextmanager
async def running(rig: Rig) -> AsyncIterator[None]:
    task = asyncio.create_task(rig.aftermath.run())
    async with rig.ami.running():
        yield
    assert not task.done(), "it goes on, whatever it meets"
    task.cancel()
    await asyncio.wait([task])


def call(call_id: str, *, talking: bool = False, ringing: bool = False) -> CallState:
    state = CallState(call_id)
    events: list[AnyEvent] = [
        Started(
            at=AT, ticket=10_000_004, called="", caller="", line="moscow", region="moscow", language="ru", flow="main"
        ),
        Queued(at=AT + 1, queue="technical", needs={}, since=AT + 1),
    ]
    if ringing:
        events.append(Offered(at=AT + 9, operator="anna"))
    for event in [*events, *([Answered(at=AT + 10, operator="anna")] if talking else [])]:
        state.apply(event)
    return state


def line(call_id: str, *, ended: float = AT + 70, talking: str = "", static: str = "") -> str:
    return f"{call_id}|{AT:.0f}|{ended:.0f}|+79160000001|88005553538|{static}|ANSWER|PJSIP/anna-0000000a|{talking}"


async def test_a_conversation_that_outlived_the_engine_keeps_its_operator_busy(rig: Rig) -> None:
    rig.asterisk.channels = ["c.1"]
    rig.unfinished.adopt([call("c.1", talking=True)])
    async with running(rig):
        await until(lambda: rig.conversations.talking == {"c.1": "anna of technical"})
        await rig.asterisk.hangs_up("c.1")
        await until(lambda: not rig.conversations.talking)
    assert isinstance(rig.of("c.1")[-1], Ended)


async def test_an_operator_who_picks_up_after_the_engine_was_lost_is_found_talking(rig: Rig) -> None:
    rig.asterisk.channels = ["c.1"]
    rig.unfinished.adopt([call("c.1", ringing=True)])
    async with running(rig):
        await rig.looked(1)
        assert not rig.events
        await rig.asterisk.picks_up("c.1", AT + 12)
        await until(lambda: rig.conversations.talking == {"c.1": "anna of technical"})
        await rig.asterisk.hangs_up("c.1")
        await until(lambda: not rig.conversations.talking)
    answered, ended = rig.of("c.1")[0], rig.of("c.1")[-1]
    assert isinstance(answered, Answered) and isinstance(ended, Ended)
    assert (answered.operator, answered.at, ended.end) == ("anna", AT + 12, End.ANSWERED)


async def test_a_waiting_call_that_is_on_the_line_is_left_to_be_handed_over(rig: Rig) -> None:
    rig.asterisk.channels = ["c.1"]
    rig.unfinished.adopt([call("c.1")])
    async with running(rig):
        await rig.looked(1)
        await until(lambda: rig.unfinished.all()[0].seen == rig.now)
    assert "c.1" in rig.unfinished
    assert not rig.events


async def test_a_call_that_departed_ends_when_asterisk_says(rig: Rig) -> None:
    rig.unfinished.adopt([call("c.1", talking=True)])
    rig.tells(line("c.1", ended=AT + 70, talking=f"{AT + 12:.0f}"))
    async with running(rig):
        await until(lambda: "c.1" not in rig.unfinished)
    talk, ended = rig.of("c.1")
    assert isinstance(talk, TalkEnded) and isinstance(ended, Ended)
    assert (talk.seconds, ended.at) == (58.0, AT + 70)
    assert not rig.path.exists()
    assert not rig.unseen


async def test_who_answered_a_waiting_caller_without_an_engine_is_told(rig: Rig) -> None:
    rig.unfinished.adopt([call("c.1")])
    rig.tells(line("c.1", static="1", talking=f"{AT + 12:.0f}"))
    async with running(rig):
        await until(lambda: "c.1" not in rig.unfinished)
    answered, talk, ended = rig.of("c.1")
    assert isinstance(answered, Answered) and isinstance(talk, TalkEnded) and isinstance(ended, Ended)
    assert (answered.operator, answered.at, talk.seconds, ended.end) == ("anna", AT + 12, 58.0, End.STATIC)


async def test_the_message_of_a_waiting_caller_whose_engine_was_lost_is_found(rig: Rig) -> None:
    rig.unfinished.adopt([call("c.1")])
    rig.messages["c.1"] = "fallback/c.1.wav"
    rig.tells(line("c.1", static="1"))
    async with running(rig):
        await until(lambda: "c.1" not in rig.unfinished)
    message, ended = rig.of("c.1")
    assert isinstance(message, MessageLeft) and isinstance(ended, Ended)
    assert (message.path, ended.end) == ("fallback/c.1.wav", End.MESSAGE)


async def test_a_call_that_died_with_asterisk_ended_when_it_was_last_seen(rig: Rig) -> None:
    rig.now = AT + 3 * 86400
    rig.unfinished.adopt([call("c.1", talking=True)])
    async with running(rig):
        await until(lambda: "c.1" not in rig.unfinished)
    talk, ended = rig.of("c.1")
    assert isinstance(talk, TalkEnded) and isinstance(ended, Ended)
    assert (talk.seconds, ended.at) == (0.0, AT + 10)


async def test_a_conversation_that_died_with_asterisk_counts_while_it_was_seen(rig: Rig) -> None:
    rig.asterisk.channels = ["c.1"]
    rig.unfinished.adopt([call("c.1", talking=True)])
    async with running(rig):
        await until(lambda: bool(rig.conversations.talking))
        rig.now, rig.asterisk.channels = AT + 500, []
        assert rig.asterisk.connection is not None
        await rig.asterisk.connection.close()
        await until(lambda: not rig.conversations.talking)
    talk = rig.of("c.1")[0]
    assert isinstance(talk, TalkEnded)
    assert talk.seconds == 90.0


async def test_a_call_that_no_engine_saw_is_told_of_once(rig: Rig) -> None:
    rig.tells(line("c.9"), line("c.9"))
    async with running(rig):
        await until(lambda: not rig.path.exists() and bool(rig.unseen))
        rig.tells(line("c.9"))
        rig.unfinished.adopt([])
        await until(lambda: not rig.path.exists())
    assert rig.unseen == ["c.9"]


async def test_nothing_is_told_of_a_call_in_progress(rig: Rig) -> None:
    rig.in_progress = {"c.9"}
    rig.tells(line("c.9"))
    async with running(rig):
        await until(lambda: not rig.path.exists())
    assert not rig.unseen


async def test_nothing_is_forgotten_while_the_database_is_away(rig: Rig) -> None:
    rig.database = DatabaseError("away")
    rig.tells(line("c.8"), line("c.9"))
    rig.unfinished.adopt([call("c.1")])
    async with running(rig):
        await rig.looked(3)
        assert not rig.unseen
        rig.database = None
        await until(lambda: len(rig.unseen) == 2)
        await until(lambda: "c.1" not in rig.unfinished)
    assert rig.unseen == ["c.8", "c.9"]


async def test_one_that_nothing_can_be_made_of_does_not_hold_up_the_others(rig: Rig) -> None:
    async def known(call_id: str) -> bool:
        if call_id == "c.8":
            raise ValueError("a fault of ours")
        return False

    rig.aftermath._known = known
    rig.tells(line("c.8"), line("c.9"))
    async with running(rig):
        await until(lambda: rig.unseen == ["c.9"])
        await until(lambda: not rig.path.with_suffix(".taken").exists())


async def test_no_call_is_closed_because_asterisk_would_not_say(rig: Rig) -> None:
    rig.asterisk.refuses = True
    rig.asterisk.channels = ["c.1"]
    rig.unfinished.adopt([call("c.1")])
    async with running(rig):
        await rig.looked(3)
        assert "c.1" in rig.unfinished


async def test_a_call_that_was_lost_while_asterisk_was_asked_is_not_closed(rig: Rig) -> None:
    async def slow(call_id: str) -> bool:
        rig.asterisk.channels = ["c.1"]
        rig.unfinished.adopt([call("c.1")])
        return True

    rig.aftermath._known = slow
    rig.tells(line("c.9"))
    async with running(rig):
        await rig.looked(2)
        await until(lambda: rig.unfinished.all()[0].seen == rig.now)
    assert "c.1" in rig.unfinished


async def test_a_lost_call_is_looked_after_at_once(rig: Rig) -> None:
    async with running(rig):
        await rig.looked(1)
        rig.unfinished.adopt([call("c.1")])
        await until(lambda: "c.1" not in rig.unfinished)
    assert isinstance(rig.of("c.1")[-1], Ended)


async def test_an_operator_who_is_not_known_yet_is_found_talking_later(rig: Rig) -> None:
    rig.conversations.known = set()
    rig.asterisk.channels = ["c.1"]
    rig.unfinished.adopt([call("c.1", talking=True)])
    async with running(rig):
        await until(lambda: rig.conversations.asked == 1)
        rig.conversations.known = {"anna"}
        rig.unfinished.adopt([])
        await until(lambda: bool(rig.conversations.talking))


async def test_a_call_taken_up_again_frees_its_operator(rig: Rig) -> None:
    rig.asterisk.channels = ["c.1"]
    rig.unfinished.adopt([call("c.1", talking=True)])
    async with running(rig):
        await until(lambda: bool(rig.conversations.talking))
        state = rig.unfinished.resume("c.1", "again")
        assert state is not None
        rig.aftermath.ended(state)
        rig.aftermath.ended(state)
    assert not rig.conversations.talking


async def test_whom_asterisk_rang_by_itself_is_offered_nothing_until_their_phone_is_free(rig: Rig) -> None:
    """No engine was there: the caller has no call with us, and perhaps no ticket yet."""
    rig.asterisk.channels = ["c.9"]
    rig.asterisk.phones = {"p.1": ("anna", "c.9")}
    async with running(rig):
        await until(lambda: rig.conversations.talking == {"p.1": "anna of "})
        rig.unfinished.adopt([])
        await rig.looked(2)
        assert rig.conversations.talking
        await rig.asterisk.hangs_up("p.1")
        await until(lambda: not rig.conversations.talking)


async def test_whom_an_engine_rang_is_its_own_affair(rig: Rig) -> None:
    rig.in_progress = {"c.1"}
    rig.unfinished.adopt([call("c.2", talking=True)])
    rig.asterisk.channels = ["c.1", "c.2"]
    rig.conversations.known = {"anna", "boris", "vera"}
    rig.asterisk.phones = {"p.1": ("boris", "c.1"), "p.2": ("anna", "c.2")}
    async with running(rig):
        await until(lambda: bool(rig.conversations.talking))
    assert rig.conversations.talking == {"c.2": "anna of technical"}


async def test_who_takes_no_calls_takes_none_after_one_that_asterisk_gave_them_either(rig: Rig) -> None:
    rig.conversations.state = OperatorState.NOT_READY
    rig.asterisk.channels = ["c.9"]
    rig.asterisk.phones = {"p.1": ("anna", "c.9")}
    async with running(rig):
        await rig.looked(1)
        rig.unfinished.adopt([])
        await rig.looked(2)
    assert rig.conversations.asked == 0


async def test_who_talks_is_known_before_the_first_call_is_served(rig: Rig) -> None:
    rig.asterisk.channels = ["c.9"]
    rig.asterisk.phones = {"p.1": ("anna", "c.9")}
    async with rig.ami.running():
        await rig.aftermath.first_look(10)
    assert rig.conversations.talking == {"p.1": "anna of "}


async def test_an_asterisk_that_does_not_say_keeps_nobody_waiting(rig: Rig) -> None:
    rig.asterisk.refuses = True
    await rig.aftermath.first_look(0.01)
    async with rig.ami.running():
        await rig.aftermath.first_look(10)
    assert not rig.conversations.talking
