from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.flow.loader import parse
from ivr.flow.problem import Problem, Problems


def faults(text: str | bytes) -> tuple[Problem, ...]:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Problems) as caught:
        parse(raw, "f.yaml")
    return caught.value.problems


def test_nothing_is_twisted() -> None:
    data = parse(b"a: no\nb: 12:30\nc: 011223\ne: {0: x, 'y': [on, +7 800]}\nf:\n", "f.yaml").data
    assert data == {
        "a": "no",
        "b": "12:30",
        "c": "011223",
        "e": {"0": "x", "y": ["on", "+7 800"]},
        "f": None,
    }


def test_places_are_kept() -> None:
    source = parse("a:\n  б: {в: г}\n".encode(), "f.yaml")
    assert source.keys["a", "б"] == (2, 3, "б")
    assert source.values["a", "б", "в"] == (2, 10, "г")
    problem = source.problem(("a", "б", "missing"), "r", "m")
    assert (problem.line, problem.column) == (2, 6)


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "written twice; first in line 1"),
        ("a: &x {b: 1}\n", 1, 4, "anchors"),
        ("a: &x 1\nb: *x\n", 2, 4, "aliases"),
        ("a: {b: 1, <<: {c: 2}}\n", 1, 11, "merge keys"),
        ("a: !!python/object:os.system x\n", 1, 4, "tags"),
        ("a: [1, 2\nb: 3\n", 2, 2, "not YAML"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second document"),
        ("- a\n- b\n", 1, 1, "list of 'key: value'"),
        ("? [a, b]\n: 1\n", 1, 3, "one word"),
        ("", 1, 1, "empty"),
        ("a:\n\tc: d\n", 2, 1, "a tab"),
        ("a: b\nc: {d: e,\tf: g}\n", 2, 10, "a tab"),
        ("a: 1\non: no\n", 2, 1, "read this key as yes or no"),
        ("a: {12:30: b}\n", 1, 5, "read this key as a number to the base of 60"),
        ("? \n: 2\n", 1, 2, "without a key"),
        ("%YAML 1.1\n---\na: b\n", 1, 1, "directives"),
        ("a: {b: б, c: '\u202e'}\n", 1, 15, "U+202E"),
        ("a: b\x07\n", 1, 5, "U+0007"),
        ("a: b\nc: \x85d\n", 2, 4, "U+0085"),
        ("a: b\n\ufeffc: d\n", 2, 1, "U+FEFF"),
        ("a: b\rc: d\n", 1, 5, "ends no line"),
        ('a: "x\\u200b"\n', 1, 4, "U+200B"),
        ("a: b: c\n", 1, 5, "a ':' where none can stand"),
        ("a: @b\n", 1, 4, "cannot begin with this character"),
        ("a: 'b\n", 2, 1, "a quote is not closed"),
        ("a: {b: c\n", 2, 1, "a bracket is not closed"),
    ],
)
def test_each_refusal_has_its_place(text: str, line: int, column: int, reason: str) -> None:
    found = faults(text)
    assert any((p.line, p.column) == (line, column) and reason in p.reason and p.mend for p in found), found


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    source = parse(b"\xef\xbb\xbfa: 1\r\nb: {c: d}\r\n", "f.yaml")
    assert source.data == {"a": "1", "b": {"c": "d"}}
    assert source.values["b", "c"] == (2, 8, "d")


def test_a_day_may_have_its_own_hours() -> None:
    data = parse(b"hours: {mon-fri: 09:00-21:00, 2026-12-31: 09:00-15:00}\n", "f.yaml").data
    assert data == {"hours": {"mon-fri": "09:00-21:00", "2026-12-31": "09:00-15:00"}}


def test_keys_within_keys_are_refused_at_any_depth() -> None:
    assert "one word" in faults("{[" * 5000)[0].reason


def test_every_duplicate_is_told_at_once() -> None:
    assert len(faults("a: 1\na: 2\nb: 1\nb: 2\n")) == 2


def test_too_big_too_deep_and_not_utf_8() -> None:
    assert "256 KB" in faults(b"a: " + b"x" * 300_000)[0].reason
    assert "20 deep" in faults("a: " + "[" * 5000 + "]" * 5000)[0].reason
    problem = faults(b"a: 1\nb: " + b"\xff\n")[0]
    assert (problem.line, problem.column, problem.reason) == (2, 4, "not UTF-8")


def test_a_bomb_of_aliases_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 200)]
    began = time.process_time()
    assert len(faults("\n".join(lines))) > 100
    assert time.process_time() - began < 1


@settings(max_examples=300, deadline=1000)
@given(st.text(alphabet=st.sampled_from(list("ab:{}[]&*!<>#'\"|- \n\t0,?%@\\é")), max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text.encode(), "f.yaml")
    except Problems as refused:
        assert all(problem.line >= 1 and problem.reason and problem.mend for problem in refused.problems)
