"""Every message is worded in each language, whole; and the code names those that there are, and all of them."""

from __future__ import annotations

import ast
import pickle
import string
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import ivr
from ivr.messages import LANGUAGES, Message, preferred, told, wordings

KINDS = ("diff", "heading", "row")
"""Keys that are put together: by ivr.golive.diff, ivr.cli.listing and ivr.simulation.report."""

FORMS = {"en": 2, "ru": 3}
"""How many forms a number asks for."""


def fields(words: str) -> dict[str, str]:
    """What stands in braces, with what follows the colon."""
    return {name: spec or "" for _, name, spec, _ in string.Formatter().parse(words) if name is not None}


@cache
def code() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text("utf-8")) for path in Path(ivr.__file__).parent.rglob("*.py"))


def strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def made() -> Iterator[tuple[str, frozenset[str] | None]]:
    """Every message that the code makes by name, with the names of its values; None where they are not written out."""
    for node in (node for tree in code() for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
            names = [keyword.arg for keyword in node.keywords]
            given = None if None in names else frozenset(str(name) for name in names)
            first = node.args[0]
            both = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
            for key in both:
                if isinstance(key, ast.Constant):
                    yield str(key.value), given


@pytest.mark.parametrize("key", wordings())
def test_each_language_says_the_same(key: str) -> None:
    words: Mapping[str, str] = wordings()[key]
    assert set(words) == set(LANGUAGES)
    assert len({frozenset(fields(each)) for each in words.values()}) == 1, "not the same values"
    for language, each in words.items():
        assert each.strip(), "no words"
        for spec in fields(each).values():
            assert "|" not in spec or spec.count("|") + 1 == FORMS[language], f"{language} has {FORMS[language]} forms"


def test_the_code_names_only_messages_that_there_are_with_their_values() -> None:
    for key, given in made():
        assert key in wordings(), "add it to messages.yaml beside the code"
        assert given is None or given == set(fields(wordings()[key]["en"])), key


def test_no_message_is_left_that_the_code_does_not_name() -> None:
    named = {text for tree in code() for text in strings(tree)}
    kinds = {f"{kind}-{text.replace(' ', '-')}" for text in named for kind in KINDS}
    assert not [key for key in wordings() if key not in named | kinds]


def test_a_number_takes_the_form_that_its_language_asks_for() -> None:
    counts = [Message("check-counts", errors=number, warnings=number) for number in (1, 3, 11, 21, 112)]
    assert [each.told("ru") for each in counts] == [
        "1 ошибка, 1 предупреждение",
        "3 ошибки, 3 предупреждения",
        "11 ошибок, 11 предупреждений",
        "21 ошибка, 21 предупреждение",
        "112 ошибок, 112 предупреждений",
    ]
    assert counts[0] == "1 error, 1 warning"
    assert counts[3] == "21 errors, 21 warnings"


def test_a_message_within_a_message_is_told_in_the_language_of_the_whole() -> None:
    counts = Message("check-counts", errors=1, warnings=0)
    assert Message("check-unfit", counts=counts).told("ru").startswith("1 ошибка, 0 предупреждений: ")


def test_a_message_is_its_english_words_for_whoever_knows_only_strings() -> None:
    message = Message("did-you-mean", near="main")
    assert message == "did you mean 'main'?"
    assert told(message, "ru") == "возможно, имелось в виду «main»"
    assert told("as it is", "ru") == "as it is"


def test_a_message_comes_out_of_another_process_as_it_went_in() -> None:
    message = pickle.loads(pickle.dumps(Message("use-one-of", names=("ru", "tt"))))
    assert message.told("ru") == "напишите одно из: ru, tt"


def test_what_a_value_holds_is_never_taken_for_a_placeholder() -> None:
    assert Message("did-you-mean", near="{near} {0} %s").told("ru") == "возможно, имелось в виду «{near} {0} %s»"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "tt_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "IVR_LANGUAGE": "ru"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "IVR_LANGUAGE": ""}, "ru"),
        ({"LANG": "de_DE"}, "en"),
    ],
)
def test_the_language_is_the_variables_else_the_locales(environment: dict[str, str], language: str) -> None:
    assert preferred(environment) == language
