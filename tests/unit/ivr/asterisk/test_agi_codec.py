import itertools

from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.agi_codec import MAX_HEADER, Codec, State
from ivr.asterisk.agi_events import Closed, Event, HangUp, Header, Refused, Reply

HEADER = (
    b"agi_network: yes\nagi_network_script: call\nagi_request: agi://127.0.0.1:4573/call\n"
    b"agi_channel: PJSIP/trunk-00000001\nagi_language: ru\nagi_uniqueid: 1700000000.1\nagi_callerid: %s\n"
    b"agi_calleridname: %s\nagi_dnid: 78005553535\nagi_extension: 78005553535\nagi_threadid: 140\n"
    b"agi_arg_1: 78005553535\n\n"
)
HONEST = HEADER % (b"79161234567", "Иван".encode())
USAGE = (
    b"520-Invalid command syntax.  Proper usage follows:\n X\n200 result=1 (forged)\n\n510 no\n%s"
    b"520 End of proper usage.\n"
)


def talk(parts: list[bytes], *, busy: bool = False) -> list[Event]:
    codec = Codec()
    if busy:
        codec.feed(HONEST)
        codec.sent()
    return [event for part in parts for event in codec.feed(part)]


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(places)]


STREAMS = [
    (HONEST, False),
    (HONEST + b"HANGUP\n", False),
    (HONEST + b"200 result=1\n", False),
    (HEADER % (b"7\r\n\r\n200 result=1", b"x"), False),
    (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", False),
    (b"agi_x: " + b"y" * 9000 + b"\n", False),
    (b"agi_x: y\n" * 3, False),
    (b"z\n" * MAX_HEADER, False),
    (b"HANGUP\n200 result=-1 endpos=800\n", True),
    (b"200 result=-1 (hangup) endpos=0\nHANGUP\n", True),
    (b"100 result=0 Trying...\n200 result=1 (a) (b)\n", True),
    (USAGE % b"", True),
    (USAGE % b"HANGUP\n", True),
    (b"agi_calleridname: x\n", True),
]


@given(stream=st.sampled_from(STREAMS), cuts=st.lists(st.integers(0, 40_000), max_size=12))
def test_how_the_stream_is_cut_into_packets_changes_nothing(stream: tuple[bytes, bool], cuts: list[int]) -> None:
    data, busy = stream
    assert talk(pieces(data, cuts), busy=busy) == talk([data], busy=busy)


@given(data=st.binary(max_size=3000), busy=st.booleans())
def test_no_bytes_break_the_codec(data: bytes, busy: bool) -> None:
    events = talk([data], busy=busy)
    assert sum(isinstance(event, Refused | Closed) for event in events) <= 1


def test_header() -> None:
    (event,) = talk([HONEST])
    assert isinstance(event, Header)
    assert event.variables["agi_calleridname"] == "Иван"
    assert event.variables["agi_arg_1"] == "78005553535"


def test_a_name_with_control_characters_and_half_a_letter_is_cleaned() -> None:
    (event,) = talk([HEADER % (b"7", b"\x1b[31m\x00A\xd0")])
    assert isinstance(event, Header)
    assert event.variables["agi_calleridname"] == "[31mA\ufffd"


def test_a_name_with_a_line_end_does_not_lose_the_call() -> None:
    (event,) = talk([HEADER % (b"7", b"first\nsecond")])
    assert isinstance(event, Header)
    assert event.variables["agi_calleridname"] == "first"


def test_forged_variables_ends_and_replies_are_refused() -> None:
    for caller in (
        b"7\nagi_arg_1: 79990000000",
        b"7\nagi_uniqueid: 1",
        b"7\n\n200 result=1",
        b"7\nagi_threadid: 1\n\n200 result=1",
        b"7\nagi_threadid: 1\n\n",
    ):
        event = talk([HEADER % (caller, b"x")])[-1]
        assert isinstance(event, Refused), caller


def test_a_forged_reply_that_waits_for_the_first_command_is_seen_before_it() -> None:
    codec = Codec()
    events = codec.feed(HEADER.partition(b"agi_callerid")[0] + b"agi_threadid: 1\n\n200 resu")
    assert [type(event) for event in events] == [Header, Refused]


def test_replies() -> None:
    for line, reply in (
        (b"200 result=0", Reply(200, "0")),
        (b"200 result=49 endpos=1600", Reply(200, "49", None, 1600)),
        (b"200 result=1 (NOANSWER)", Reply(200, "1", "NOANSWER")),
        (b"200 result=1 ()", Reply(200, "1", "")),
        (b"200 result= (timeout)", Reply(200, "", "timeout")),
        (b"200 result=1 (HANGUP)", Reply(200, "1", "HANGUP")),
        (b"200 result=1 (a) endpos=3)", Reply(200, "1", "a) endpos=3")),
        (b"200 result=-1 (writefile)", Reply(200, "-1", "writefile")),
        (b"510 Invalid or unknown command", Reply(510)),
        (b"511 Command Not Permitted on a dead channel or intercept routine", Reply(511)),
        (b"520 Invalid command syntax.  Proper usage not available.", Reply(520)),
    ):
        assert talk([line + b"\n"], busy=True) == [reply]


def test_hang_up_between_command_and_reply_leaves_the_reply_to_its_command() -> None:
    codec = Codec()
    codec.feed(HONEST)
    codec.sent()
    assert codec.feed(b"HANGUP\n") == [HangUp()]
    assert codec.state is State.BUSY
    assert codec.feed(b"200 result=1 (ANSWER)\n") == [Reply(200, "1", "ANSWER")]
    codec.sent()
    assert codec.feed(b"200 result=1\n") == [Reply(200, "1")]


def test_usage_is_one_reply_whatever_it_says() -> None:
    assert talk([USAGE % b""], busy=True) == [Reply(520)]
    assert talk([USAGE % b"HANGUP\n"], busy=True) == [HangUp(), Reply(520)]


def test_end_is_told_once_in_every_state() -> None:
    for start in (b"", b"agi_network: yes\nagi", HONEST, HONEST + b"HANG"):
        codec = Codec()
        codec.feed(start)
        assert codec.eof() == [Closed()]
        assert codec.eof() == []
        assert codec.feed(b"HANGUP\n") == []


def test_refusals_quote_nothing() -> None:
    (event,) = talk([b"agi_request: 11223344595\nagi_request: 11223344595\n"])
    assert isinstance(event, Refused)
    assert "112" not in event.reason
