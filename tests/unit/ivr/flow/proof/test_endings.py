"""What never ends, or comes to nobody for too long, is shown by the shortest call."""

from __future__ import annotations

from pathlib import Path

from tests.unit.ivr.flow.proof.written import faults, texts, written

CHAIN = (
    "".join(f"  n{i}: {{play: p{i}, then: n{i + 1}}}\n" for i in range(1, 12)) + "  n12: {play: p12, then: operator}\n"
)


def test_twelve_nodes_to_a_person_are_the_most(tmp_path: Path) -> None:
    short = CHAIN.replace("n12: {play: p12, then: operator}", "n12: {flow: other}")
    assert faults(written(tmp_path, "  start: {play: p, then: n3}\n" + CHAIN[CHAIN.index("  n3") :])) == []
    service = written(tmp_path, "  start: {play: p, then: n2}\n" + CHAIN[CHAIN.index("  n2") :])
    (fault,) = faults(service)
    assert "12 nodes" in fault.reason
    assert "steps: 13" in fault.mend
    assert (fault.file, fault.line, fault.column) == ("dialplans/main.yaml", 7, 3)
    assert fault.call.startswith('calls +7 800 555-35-38, in \'ru\'; hears "p ru"; hears "p2 ru"')
    service = written(
        tmp_path,
        "  start: {play: p, then: n2}\n" + short[short.index("  n2") :],
        other="  start: {play: p, then: operator}\n",
    )
    assert "steps: 14" in faults(service)[0].mend


def test_the_file_says_how_many_nodes(tmp_path: Path) -> None:
    way = "  start: {play: p, then: n2}\n" + CHAIN[CHAIN.index("  n2") :]
    assert faults(written(tmp_path, "steps: 13\n" + way)) == []
    assert "3 nodes" in faults(written(tmp_path, "steps: 3\n" + way))[0].reason


def test_the_worst_choice_counts_and_the_call_takes_it(tmp_path: Path) -> None:
    menu = "  start: {menu: m, keys: {1: n3, 0: operator}, otherwise: operator}\n"
    service = written(tmp_path, "steps: 4\n" + menu + CHAIN[CHAIN.index("  n3") :])
    (fault,) = faults(service, texts(service, m="Press one."))
    assert fault.call == (
        'calls +7 800 555-35-38, in \'ru\'; hears "Press one."; presses 1; hears "p3 ru"; hears "p4 ru"; hears "p5 ru"'
    )


def test_what_a_caller_walks_round_by_own_will_does_not_count(tmp_path: Path) -> None:
    assert faults(written(tmp_path, ROUND)) == []


ROUND = """steps: 4
  start: {play: p, then: first}
  first: {menu: m, keys: {1: second, 0: operator}, otherwise: operator}
  second: {menu: m, keys: {1: start, 2: first, 0: operator}, otherwise: operator}
"""


def test_silence_may_not_go_round(tmp_path: Path) -> None:
    service = written(
        tmp_path,
        ROUND.replace("2: first, 0: operator}, otherwise: operator", "0: operator}, otherwise: first").replace(
            "keys: {1: second, 0: operator}, otherwise: operator",
            "keys: {1: second, 0: operator}, attempts: 1, otherwise: second",
        ),
    )
    (fault,) = faults(service)
    assert fault.reason == "a caller who does nothing goes round for ever: main.first -> main.second -> main.first"
    assert fault.call == (
        'calls +7 800 555-35-38, in \'ru\'; hears "p ru"; hears "m ru"; presses nothing once; '
        'hears "m ru"; presses nothing three times; and so on for ever'
    )
    assert fault.as_dict("ru")["call"] == (
        "звонит на +7 800 555-35-38, язык ru; слышит «p ru»; слышит «m ru»; один раз ничего не нажимает; "
        "слышит «m ru»; трижды ничего не нажимает; и так без конца"
    )


def test_wrong_entries_may_not_go_round(tmp_path: Path) -> None:
    nodes = "  start: {collect: ticket-number, found: operator, not-found: again, failed: operator}\n"
    (fault,) = faults(written(tmp_path, nodes + "  again: {play: p, then: start}\n"))
    assert fault.reason.startswith("a caller who only errs goes round for ever")
    assert "keys a number that no request has" in fault.call


def test_a_queue_in_which_nobody_answers_is_no_end(tmp_path: Path) -> None:
    nodes = "  start: {queue: general, otherwise: wait}\n  wait: {play: p, then: start}\n"
    (fault,) = faults(written(tmp_path, nodes))
    assert "does nothing goes round for ever: main.start -> main.wait -> main.start" in fault.reason
    assert "waits, and nobody answers in time" in fault.call


CALLS = """
  start: {sub-flow: other, then: again}
  again: {sub-flow: other, returned: {done: operator}, then: start}
"""


def test_a_sub_flow_called_twice_is_no_circle(tmp_path: Path) -> None:
    assert faults(written(tmp_path, CALLS, other="  start: {play: p, then: back}\n  back: {return: done}\n")) == []


def test_a_word_that_leads_back_before_the_call_is_a_circle(tmp_path: Path) -> None:
    other = "  start: {play: p, then: back}\n  back: {return: lost}\n"
    (fault,) = faults(written(tmp_path, CALLS, other=other))
    assert "main.start -> other.start -> other.back -> main.again" in fault.reason


def test_a_sub_flow_that_calls_itself(tmp_path: Path) -> None:
    other = "  start: {menu: m, keys: {1: back, 2: deeper, 0: operator}, otherwise: operator}\n"
    other += "  back: {return: done}\n  deeper: {sub-flow: other, then: back}\n"
    fault = faults(written(tmp_path, CALLS, other=other))[0]
    assert (fault.reason, fault.text) == ("this sub-flow calls itself", "deeper")
    assert fault.call.count("presses 2") == 2


def test_a_queue_that_leads_back_to_itself_is_a_circle_of_talks(tmp_path: Path) -> None:
    nodes = "  start: {queue: general, then: again, otherwise: operator}\n  again: {play: p, then: start}\n"
    (fault,) = faults(written(tmp_path, nodes))
    assert fault.reason.endswith("asked nothing: main.start -> main.again -> main.start")
    assert fault.severity == "error"
    assert fault.call.startswith("calls +7 800 555-35-38")


def test_who_is_asked_after_a_talk_may_talk_again(tmp_path: Path) -> None:
    nodes = """  start: {queue: general, then: again, otherwise: operator}
  again: {menu: m, keys: {1: start, 0: operator}, otherwise: operator}
"""
    assert faults(written(tmp_path, nodes)) == []
