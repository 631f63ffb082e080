"""A call is taken up again, or closed, exactly once, whatever died in its midst."""

import pytest

from ivr.calllog.events import (
    Answered,
    AnyEvent,
    End,
    Ended,
    Entry,
    LanguageChosen,
    NodeEntered,
    Offered,
    Queued,
    Resumed,
    Started,
    TalkEnded,
)
from ivr.calllog.state import CallState, replay
from ivr.recovery import Departed, Unfinished

BEGUN: list[AnyEvent] = [
    Started(
        at=100.0, ticket=10000005, called="+78005553538", caller="+79160000001", line="+78005553538",
        region="tatarstan", language="tt", flow="main",
    ),
    LanguageChosen(at=101.0, language="ru"),
    NodeEntered(at=102.0, flow="main", node="to-technical"),
    Queued(at=103.0, queue="technical", needs={"technical": 2, "language.ru": 1}, since=103.0),
]  # fmt: skip
RINGING: list[AnyEvent] = [*BEGUN, Offered(at=109.5, operator="op7", record_to="2026/11/24/1.wav")]
TALKING: list[AnyEvent] = [*BEGUN, Answered(at=110.0, operator="op7")]


class Log:
    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        self.entries.append(Entry(call_id, seq, event))


def held(events: list[AnyEvent]) -> tuple[Unfinished, Log]:
    log = Log()
    unfinished = Unfinished(log, now=lambda: 130.0)
    unfinished.adopt(replay(Entry("c.1", n, event) for n, event in enumerate(events, 1)).values())
    return unfinished, log


def folded(events: list[AnyEvent], log: Log) -> CallState:
    return replay([*(Entry("c.1", n, event) for n, event in enumerate(events, 1)), *log.entries])["c.1"]


def test_a_waiting_caller_keeps_place_language_and_node() -> None:
    unfinished, log = held(BEGUN)
    call = unfinished.resume("c.1", "engine restarted")
    assert call is not None
    assert (call.node, call.language, call.queued_since, call.waiting) == ("to-technical", "ru", 103.0, True)
    assert folded(BEGUN, log) == call


def test_a_call_says_which_configuration_it_goes_on_with() -> None:
    began = [Started(at=1.0, ticket=1, called="", caller="", line="", region="", language="ru", flow="", version="aa")]
    for given, goes_on in (("bb", "bb"), ("", "aa")):
        unfinished, log = held([*began])
        call = unfinished.resume("c.1", "", version=given)
        assert call is not None and call.version == goes_on
        assert log.entries[0].event == Resumed(at=130.0, why="", version=given)


def test_a_call_is_resumed_once() -> None:
    unfinished, _ = held(BEGUN)
    unfinished.resume("c.1", "")
    assert unfinished.resume("c.1", "") is None
    assert unfinished.close("c.1") is None


def test_a_call_that_never_was_is_not_resumed() -> None:
    assert held(BEGUN)[0].resume("c.2", "") is None


def test_a_conversation_that_outlived_the_engine_counts_until_the_caller_is_handed_back() -> None:
    unfinished, _ = held(TALKING)
    call = unfinished.resume("c.1", "engine restarted")
    assert call is not None
    assert (call.talking, call.talk_seconds, call.operator) == (False, 20.0, "op7")


@pytest.mark.parametrize(
    ("departed", "seconds"), [(None, 20.0), (Departed(125.0), 15.0), (Departed(125.0, 14.2), 14.2)]
)
def test_a_conversation_that_ended_without_the_engine_has_the_length_that_asterisk_tells(
    departed: Departed | None, seconds: float
) -> None:
    unfinished, log = held(TALKING)
    unfinished.alive("c.1")
    call = unfinished.close("c.1", departed)
    assert call is not None
    assert (call.end, call.talk_seconds) == (End.ANSWERED, seconds)
    assert isinstance(log.entries[-1].event, Ended)
    assert folded(TALKING, log) == call


def test_a_caller_who_left_while_no_engine_ran_was_interrupted_not_forgotten() -> None:
    unfinished, _ = held(BEGUN)
    call = unfinished.close("c.1", Departed(120.0))
    assert call is not None
    assert (call.end, call.ended, call.wait_seconds) == (End.INTERRUPTED, 120.0, 17.0)


def test_two_conversations_one_with_no_engine_are_both_counted() -> None:
    unfinished, log = held(TALKING)
    call = unfinished.close("c.1", Departed(200.0, 30.0, alone="op8"))
    assert call is not None
    assert (call.operator, call.talk_seconds, call.end) == ("op8", 60.0 + 30.0, End.ANSWERED)
    assert folded(TALKING, log) == call


def test_a_call_that_died_with_asterisk_ended_when_it_was_last_known_to_live() -> None:
    unfinished, _ = held(TALKING)
    call = unfinished.close("c.1")
    assert call is not None
    assert (call.ended, call.talk_seconds) == (110.0, 0.0)


def test_an_operator_who_picked_up_after_the_engine_was_lost_has_talked_when_the_call_comes_back() -> None:
    unfinished, log = held(RINGING)
    call = unfinished.resume("c.1", "engine restarted", joined=110.0)
    assert call is not None
    assert (call.operator, call.answered, call.talk_seconds) == ("op7", 110.0, 20.0)
    assert (call.recording, call.waiting) == ("2026/11/24/1.wav", False)
    assert [type(entry.event) for entry in log.entries if isinstance(entry.event, Answered | Resumed | TalkEnded)] == [
        Answered, Resumed, TalkEnded,
    ]  # fmt: skip
    assert folded(RINGING, log) == call


def test_such_a_conversation_is_in_the_ticket_when_the_caller_has_left_meanwhile() -> None:
    unfinished, log = held(RINGING)
    call = unfinished.close("c.1", Departed(125.0, 15.0))
    assert call is not None
    assert (call.end, call.operator, call.talk_seconds, call.wait_seconds) == (End.ANSWERED, "op7", 15.0, 7.0)
    assert folded(RINGING, log) == call


def test_in_the_second_of_the_offer_it_was_not_answered_before_it() -> None:
    unfinished, _ = held(RINGING)
    call = unfinished.resume("c.1", "", joined=109.0)
    assert call is not None
    assert call.answered == 109.5


@pytest.mark.parametrize(("events", "joined"), [(RINGING, 108.0), (RINGING, None), (BEGUN, 110.0)])
def test_an_earlier_conversation_is_no_answer_to_the_last_offer(events: list[AnyEvent], joined: float | None) -> None:
    unfinished, _ = held(events)
    call = unfinished.resume("c.1", "", joined=joined)
    assert call is not None
    assert (call.answered, call.waiting) == (None, True)
