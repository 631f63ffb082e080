"""Broken YAML by the thousand: ``python -m bench.mutations [--count 100000] [--seed 1]``.

Each is a piece of a shipped file with a few random edits. It is read or refused with its mend, within a second; what
is read is what another reader (PyYAML's in Python) reads, and stands where its place says.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Any, NamedTuple

import yaml

from bench.table import finish, show
from ivr.flow.forms import read_form
from ivr.flow.loader import Source, parse
from ivr.flow.model import FlowForm
from ivr.flow.problem import Problem, Problems
from ivr.flow.service import read_node
from ivr.settings import PROJECT

MOST_SECONDS = 1.0

TOKENS = tuple(
    token.encode("utf-8", "surrogateescape")
    for token in (
        *(": ", ":", "- ", "{", "}", "[", "]", ",", "'", '"', "#", " # ", "\\", "? ", "| ", ">-\n  ", "\n", " "),
        *("&a ", "*a", "!x ", "!!str ", "<<: ", "%YAML 1.1\n", "---\n", "...\n", "@", "`", "\t", "\r", "\r\n"),
        *("\x00", "\x07", "\x85", "\u2028", "\u202e", "\ufeff", "Ж", "😀", "[" * 40, "{a: " * 25),
        *("no", "on: ", "12:30", "011223", "1e3", "0x10", "1_000", "~", "null", "2026-01-01", "\udcff"),
    )
)


class Edit(NamedTuple):
    """``what`` is done ``at`` a place (modulo what there is), with ``token`` or over ``size`` bytes or lines."""

    what: str
    at: int
    size: int
    token: bytes


EDITS = ("insert", "delete", "replace", "repeat", "drop line", "repeat line", "move line", "indent", "outdent", "cut")


def edited(raw: bytes, edits: Iterable[Edit]) -> bytes:
    """The file after the edits."""
    for edit in edits:
        raw = _lines(raw, edit) if "line" in edit.what or "dent" in edit.what else _bytes(raw, edit)
    return raw


def _bytes(raw: bytes, edit: Edit) -> bytes:
    at = edit.at % (len(raw) + 1)
    gone = {"delete": edit.size, "replace": len(edit.token), "cut": len(raw) if edit.size == 1 else 0}.get(edit.what, 0)
    new = {"insert": edit.token, "replace": edit.token, "repeat": raw[at : at + edit.size]}.get(edit.what, b"")
    return raw[:at] + new + raw[at + gone :]


def _lines(raw: bytes, edit: Edit) -> bytes:
    lines = raw.splitlines(keepends=True) or [b""]
    at = edit.at % len(lines)
    there = lines[at : at + edit.size]
    match edit.what:
        case "drop line":
            there = []
        case "repeat line":
            there = there * 2
        case "move line":
            there = there[::-1]
        case "indent":
            there = [b" " * edit.size + line for line in there]
        case "outdent":
            there = [line[edit.size :] if line.startswith(b" " * edit.size) else line for line in there]
    return b"".join([*lines[:at], *there, *lines[at + edit.size :]])


def at_random(chance: Random) -> list[Edit]:
    """One to four edits."""
    return [
        Edit(chance.choice(EDITS), chance.randrange(1 << 20), chance.randint(1, 6), chance.choice(TOKENS))
        for _ in range(chance.randint(1, 4))
    ]


def judged(raw: bytes) -> str:
    """``read``, ``read alone`` (the other reader refuses it) or ``refused``. Raises AssertionError for a fault."""
    began = time.process_time()
    try:
        source = parse.__wrapped__(raw, "f.yaml")
    except Problems as refused:
        assert refused.problems
        _told_well(refused.problems)
        return "refused"
    finally:
        assert time.process_time() - began < MOST_SECONDS, "too slow"
    _told_well(_form_problems(source))
    assert time.process_time() - began < MOST_SECONDS, "too slow"
    text = raw.decode("utf-8-sig")
    _in_place(source, text)
    try:
        other = yaml.load(text, Loader=yaml.BaseLoader)  # it makes nothing but words
    except yaml.YAMLError:
        return "read alone"
    assert _without_none(source.data) == other, "read otherwise"
    return "read"


def _form_problems(source: Source) -> list[Problem]:
    _, problems = read_form(FlowForm, source)
    nodes = source.data.get("nodes")
    for name in nodes if isinstance(nodes, dict) else ():
        problems += read_node(source, name)[1]
    return problems


def _told_well(problems: Iterable[Problem]) -> None:
    for problem in problems:
        assert problem.line >= 1, problem
        assert problem.column >= 1, problem
        assert problem.reason, problem
        assert problem.mend, problem
        str(problem).encode()


def _in_place(source: Source, text: str) -> None:
    lines = text.split("\n")
    for line, column, word in (*source.keys.values(), *source.values.values()):
        there = lines[line - 1][column - 1 :]
        bare = bool(word) and there[:1] not in "'\"|>" and not {" ", "\n"} & set(word)  # these may be folded lines
        assert not bare or there.startswith(word), (line, column, word, there[:40])


def _without_none(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_none(value) for key, value in data.items()}
    return [_without_none(value) for value in data] if isinstance(data, list) else "" if data is None else data


def originals() -> list[bytes]:
    """The shipped files."""
    return [path.read_bytes() for path in sorted((*PROJECT.glob("*.yaml"), *(PROJECT / "dialplans").glob("*.yaml")))]


def piece(raw: bytes, chance: Random) -> bytes:
    """The file's head, to where its list begins, and some lines of the list, from an entry on."""
    lines = raw.splitlines(keepends=True)
    head = next(number for number, line in enumerate(lines, 1) if line[:1].isalpha() and line.rstrip().endswith(b":"))
    entries = [
        number for number, line in enumerate(lines) if number >= head and line[:2] == b"  " and line[2:3] != b" "
    ]
    begin = chance.choice(entries)
    return b"".join([*lines[:head], *lines[begin : begin + chance.randint(2, 14)]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    chance, files, verdicts, worst = Random(given.seed), originals(), Counter[str](), 0.0
    for _ in range(given.count):
        raw = edited(piece(chance.choice(files), chance), at_random(chance))
        began = time.perf_counter()
        try:
            verdicts[judged(raw)] += 1
        except Exception as error:
            verdicts["WRONG"] += 1
            print(f"{type(error).__name__}: {str(error)[:300]}\n{raw[:2000]!r}\n")
        worst = max(worst, time.perf_counter() - began)
    figures = {"mutations": given.count, **verdicts, "worst, s": worst}
    show("Mutated YAML", [figures])
    finish(figures, given.json)
    raise SystemExit(verdicts["WRONG"] > 0)


if __name__ == "__main__":
    main()
