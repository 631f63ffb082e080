"""What Asterisk does by our configuration alone: whom it lets in, what a caller can smuggle in, what it does alone."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager

import pytest

from ivr.asterisk.alive import greets
from ivr.asterisk.conf import extensions
from ivr.asterisk.departures import Departure, parse
from tests.e2e.alone import Alone, alone
from tests.e2e.bare import bare_call
from tests.until import until

pytestmark = pytest.mark.e2e

NUMBER = "88005553535"


@pytest.fixture(scope="module")
def ours() -> Iterator[Alone]:
    with alone("anna") as running:
        yield running


@pytest.fixture(scope="module")
def foreign() -> Iterator[Alone]:
    """Its carrier is elsewhere."""
    with alone("anna", trunk="203.0.113.0/24") as running:
        yield running


@pytest.fixture(scope="module")
def deserted() -> Iterator[Alone]:
    """Gives the engine up after one second, and gives a caller one second to speak."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extensions, "TRIES", 1)
        patch.setattr(extensions, "MESSAGE_SECONDS", 2)
        with alone() as running:
            yield running


@pytest.fixture(scope="module")
def patient() -> Iterator[Alone]:
    """Gives the engine up after one second too, but takes any service of it, however short, for a healthy while."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(extensions, "TRIES", 1)
            patch.setattr(extensions, "HEALTHY_SECONDS", -1)
            running = stack.enter_context(alone())
        yield running


@asynccontextmanager
async def engine(line: Alone, last: bytes = b"") -> AsyncIterator[list[bytes]]:
    """Answers calls and holds them until the end of the block, then says ``last``: the AGI headers of each."""
    heads: list[bytes] = []
    over = asyncio.Event()
    calls: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\n\n"))
        writer.write(b"ANSWER\n")
        await over.wait()
        if last:
            await reader.readline()
            writer.write(last)
            await reader.readline()
        writer.close()
        await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.add(asyncio.create_task(serve(reader, writer)))

    async with await asyncio.start_server(accept, "127.0.0.1", line.settings.agi_port):
        yield heads
        over.set()
        await asyncio.gather(*calls, return_exceptions=True)


async def options(line: Alone) -> bytes:
    """The first line of the answer to OPTIONS."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setblocking(False)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        lines = [
            f"OPTIONS sip:127.0.0.1:{line.settings.sip_port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK1",
            "From: <sip:carrier@127.0.0.1>;tag=1",
            "To: <sip:127.0.0.1>",
            "Call-ID: options",
            "CSeq: 1 OPTIONS",
            "Max-Forwards: 70",
            "Content-Length: 0",
            "",
            "",
        ]
        await loop.sock_sendto(probe, "\r\n".join(lines).encode(), ("127.0.0.1", line.settings.sip_port))
        async with asyncio.timeout(5):
            return (await loop.sock_recv(probe, 4096)).partition(b"\r\n")[0]


async def test_the_carrier_is_answered(ours):
    assert await options(ours) == b"SIP/2.0 200 OK"


@pytest.mark.parametrize("caller", ["+79161234567", "kommutator-trunk", "anna", "udp", "0"])
async def test_nobody_outside_the_carriers_networks_is_let_in(foreign, caller):
    """The name of a section of ours as the caller's number is no pass."""
    async with bare_call(foreign.settings.sip_port, NUMBER, caller) as call:
        assert call.status == 401


@pytest.mark.parametrize("number", ["8%0d%0aX", "500%26PJSIP%2ftrunk%2f810", "anna", "s", "h", "8" * 21])
async def test_only_numbers_can_be_dialled(ours, number):
    async with bare_call(ours.settings.sip_port, number) as call:
        assert call.status == 404


@pytest.mark.parametrize(
    "name", ["", '"Anna" ', '"O, Brien" ', '"a)b}" ', '"${SHELL(id)}" ', '"a<1" ', "Anna B ", '"\x1b[31m" ']
)
async def test_the_callers_number_arrives_whatever_their_name(ours, name):
    async with engine(ours) as heads, bare_call(ours.settings.sip_port, NUMBER, "+79161234567", name):
        await until(lambda: bool(heads))
    head = heads[0].decode()
    assert (
        "agi_callerid: +79161234567\n" in head or name == '"a<1" '
    )  # a name with a bracket only spoils its own number
    assert "agi_calleridname: unknown\n" in head
    assert "SHELL" not in head


@pytest.mark.parametrize(
    "caller",
    [
        "7%0d%0a%0d%0aEvent%3a%20Forged%0d%0aX%3a%20y",
        "7%0d%0aEvent%3a%20Hangup%0d%0aX%3a%20Forged",
        "7%0a%0a200%20result=1%20Forged",
        "7%22%2c%29%7dForged",
    ],
)
async def test_a_callers_number_cannot_speak_to_the_engine(ours, caller):
    async with ours.manager() as said:
        async with engine(ours) as heads, bare_call(ours.settings.sip_port, NUMBER, caller, '"Forged" '):
            await until(lambda: bool(heads))
        await until(lambda: b"Event: Hangup\r\n" in said)
    assert b"Forged" not in said
    assert b"Forged" not in heads[0]
    assert b"\nagi_arg_1: 88005553535\n" in heads[0]


async def test_dashes_in_a_dialled_number_do_not_reach_the_engine(ours):
    async with engine(ours) as heads, bare_call(ours.settings.sip_port, "8-800-555-35-35"):
        await until(lambda: bool(heads))
    assert b"\nagi_arg_1: 88005553535\n" in heads[0]


async def test_a_call_that_the_engine_drops_is_handed_over_again(ours):
    async with bare_call(ours.settings.sip_port, NUMBER):
        async with engine(ours) as first:
            await until(lambda: bool(first))
        async with engine(ours) as second:
            await until(lambda: bool(second))
    unique_id = next(line for line in first[0].splitlines() if line.startswith(b"agi_uniqueid"))
    assert unique_id in second[0].splitlines()


async def test_a_call_that_the_engine_lets_go_goes_to_people_at_once(patient):
    async with bare_call(patient.settings.sip_port, NUMBER):
        async with engine(patient, last=b"SET VARIABLE KOMMUTATOR_PEOPLE 1\n") as heads:
            await until(lambda: bool(heads))
        async with patient.manager():  # time for what the dialplan does next
            pass
    call_id = heads[0].split(b"agi_uniqueid: ")[1].split(b"\n")[0].decode()
    await until(lambda: call_id in departures(patient))
    assert departures(patient)[call_id].static


async def test_an_engine_that_served_the_call_for_a_healthy_while_is_not_given_up(patient):
    async with bare_call(patient.settings.sip_port, NUMBER):
        for _ in range(3):
            async with engine(patient) as heads:
                await until(lambda heads=heads: bool(heads))


def departures(line: Alone) -> dict[str, Departure]:
    """What the dialplan wrote, by call."""
    texts = [file.read_text() for file in line.settings.state.rglob("departures.csv")]
    return {told.call_id: told for text in texts for told in map(parse, text.splitlines()) if told}


async def test_with_no_engine_and_no_operator_a_message_is_kept(deserted):
    async with bare_call(deserted.settings.sip_port, NUMBER) as call:
        async with asyncio.timeout(15):
            await call.over.wait()
    departure = await left(deserted)
    assert (departure.caller, departure.dialled, departure.static) == ("+79161234567", NUMBER, True)
    (message,) = deserted.settings.state.rglob(f"{departure.call_id}.wav")
    assert message.stat().st_size > 8_000
    assert call.packets_heard > 0


async def left(line: Alone) -> Departure:
    """The one line that the dialplan wrote."""
    await until(lambda: any(line.settings.state.rglob("departures.csv")))
    (file,) = line.settings.state.rglob("departures.csv")
    (told,) = filter(None, map(parse, file.read_text().splitlines()))
    return told


async def test_a_stopped_asterisk_is_known_by_its_silence(foreign):
    assert await greets(foreign.settings.ami_port)
    foreign.process.send_signal(signal.SIGSTOP)
    try:
        assert not await greets(foreign.settings.ami_port)
    finally:
        foreign.process.send_signal(signal.SIGCONT)


async def test_looking_whether_it_works_leaves_no_trace_in_its_log(ours):
    for _ in range(30):
        assert await greets(ours.settings.ami_port)


def test_nothing_is_complained_of_but_the_missing_engine(ours, foreign):
    """Last, over all of the above."""
    unexpected = [line for line in ours.complaints() + foreign.complaints() if "res_agi.c" not in line]
    assert unexpected == []
