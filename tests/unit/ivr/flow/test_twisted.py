from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field

from ivr.flow.forms import read_form
from ivr.flow.loader import parse
from ivr.flow.model import Form
from ivr.flow.twisted import twisted


class Written(Form):
    text: str = ""
    number: int = 0
    share: float = 0.0
    whether: bool = False
    words: dict[str, str] = Field(default_factory=dict)


def refused(text: str) -> list[tuple[int, str]]:
    _, problems = read_form(Written, parse(text.encode(), "f.yaml"))
    return [(problem.column, problem.mend) for problem in problems]


@pytest.mark.parametrize(
    "word", ["no", "On", "12:30", "011223", "2026-11-24", "1e3", "0x10", "1_000", "~", "NULL", "1.10"]
)
def test_a_bare_word_that_others_would_twist_is_refused_and_a_quoted_one_is_text(word: str) -> None:
    assert refused(f"text: {word}\n") == [(7, f"put it in quotes: '{word}'")]
    assert refused(f"words: {{a: {word}}}\n") == [(12, f"put it in quotes: '{word}'")]
    form, problems = read_form(Written, parse(f"text: '{word}'\n".encode(), "f.yaml"))
    assert not problems
    assert form is not None
    assert form.text == word


@pytest.mark.parametrize(("word", "digits"), [("011223", "11223"), ("1_000", "1000")])
def test_a_number_is_written_in_plain_digits(word: str, digits: str) -> None:
    assert refused(f"number: {word}\n") == [(9, f"write it in plain digits: {digits}")]


@pytest.mark.parametrize(
    "text",
    [
        "whether: yes\n",
        "whether: No\n",
        "number: 12\n",
        "share: 1.5\n",
        "text: +7 800 555-35-35\n",
        "text: 09:00-21:00\n",
    ],
)
def test_what_everybody_reads_alike_is_taken(text: str) -> None:
    assert refused(text) == []


@example("-0")
@given(st.text(alphabet="0123456789_.:-+eExo", min_size=1, max_size=8) | st.sampled_from(["yes", "off", "Null", "~"]))
def test_a_reader_of_yaml_1_1_agrees_that_the_rest_is_what_it_says(word: str) -> None:
    if twisted(word) is not None:
        return
    try:
        read = yaml.safe_load(word)
    except (yaml.YAMLError, ValueError):
        return
    assert str(read).lstrip("+") == word.lstrip("+") or not isinstance(read, int | float | bool | None), read
