"""The catalogue: texts and slots from a folder, errors that say what to mend, and its speed on a call."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from ivr.prompts.catalogue import Catalogue, PromptError, SlotError
from ivr.prompts.rendered import Index, Rendered, Sound
from ivr.speech import Day, Groups, Number, Prompt, Text, UnknownPrompt


def write(folder: Path, language: str, **texts: str) -> None:
    (folder / language).mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / language / f"{name.replace('_', '-')}.txt").write_text(text, "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path / "texts",
        "ru",
        welcome="Здравствуйте!\nВы позвонили\nна горячую линию.\n",
        status="Заявка {number}: {status}. Изменена {changed:genitive}, срок {expected}.",
        inside="Ваш регион: {region}",
    )
    write(tmp_path / "texts", "en", welcome="Welcome.")
    return tmp_path / "texts"


@pytest.fixture
def catalogue(folder: Path, tmp_path: Path) -> Catalogue:
    return Catalogue.load(folder, tmp_path / "rendered")


VALUES = {
    "number": Groups(("112", "345")),
    "status": Text("в работе"),
    "changed": Day(date(2026, 11, 23)),
    "expected": Day(date(2026, 12, 1)),
}


def heard(catalogue: Catalogue) -> str:
    return " ".join(utterance.text for utterance in catalogue.say("status", "ru", **VALUES))


def test_a_text_is_said_as_one_piece(catalogue: Catalogue):
    (utterance,) = catalogue.say("welcome", "ru")
    assert (utterance.text, utterance.language) == ("Здравствуйте! Вы позвонили на горячую линию.", "ru")
    assert utterance.audio is None


def test_slots_are_filled_in_the_form_the_text_asks_for(catalogue: Catalogue):
    assert heard(catalogue) == (
        "Заявка сто двенадцать , триста сорок пять . в работе . Изменена двадцать третьего ноября две тысячи двадцать "
        "шестого года , срок первое декабря две тысячи двадцать шестого года"
    )


def test_only_a_callers_own_data_is_private(catalogue: Catalogue):
    private = [u.text for u in catalogue.say("status", "ru", **VALUES) if u.private]
    assert private == ["сто", "двенадцать", ",", "триста", "сорок пять"]


def test_a_prompt_may_stand_in_a_slot(catalogue: Catalogue):
    speech = catalogue.say("inside", "ru", region=Prompt("welcome"))
    assert [u.text for u in speech] == ["Ваш регион:", "Здравствуйте! Вы позвонили на горячую линию."]


def test_what_there_is(catalogue: Catalogue):
    assert catalogue.languages == ("en", "ru")
    assert catalogue.names("ru") == {"welcome", "status", "inside"}
    assert catalogue.slots("status", "ru") == {"number", "status", "changed", "expected"}
    assert catalogue.text("inside", "ru") == "Ваш регион: {region}"
    assert 2 < catalogue.seconds("welcome", "ru") < 5


@pytest.mark.parametrize(("name", "language"), [("nothing", "ru"), ("status", "en"), ("welcome", "tt"), ("../x", "ru")])
def test_an_unknown_prompt_is_an_error(catalogue: Catalogue, name: str, language: str):
    with pytest.raises(UnknownPrompt, match=language):
        catalogue.say(name, language)


def test_a_wrong_slot_is_an_error_that_names_prompt_and_slot(catalogue: Catalogue):
    with pytest.raises(SlotError, match=r"'inside' \(ru\): no value for \{region\}; no slot \{area\}"):
        catalogue.say("inside", "ru", area=Text("x"))
    with pytest.raises(SlotError, match=r"'welcome' \(ru\): no slot \{area\}"):
        catalogue.say("welcome", "ru", area=Text("x"))
    with pytest.raises(SlotError, match=r"'inside' \(ru\), slot \{region\}: the number -1"):
        catalogue.say("inside", "ru", region=Number(-1))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("Greeting", "x", "rename the file"),
        ("a b", "x", "rename the file"),
        ("ok", "", "the text is empty"),
        ("ok", "one {", "marks no slot"),
        ("ok", "{Big}", "marks no slot"),
        ("ok", "{day:ablative}", "no such form in ru; use one of: accusative, feminine, genitive, neuter"),
    ],
)
def test_a_bad_text_is_refused_with_the_mend(folder: Path, tmp_path: Path, name: str, text: str, problem: str):
    write(folder, "ru", **{name: text})
    with pytest.raises(PromptError, match=problem) as refused:
        Catalogue.load(folder, tmp_path)
    assert f"{name}.txt" in str(refused.value)


def test_every_problem_is_told_at_once(folder: Path, tmp_path: Path):
    write(folder, "ru", one="", two="}")
    write(folder, "xx", three="text")
    (folder / "ru/four.txt").write_bytes(b"\xff\xfe")
    (folder / "ru/five.wav").write_bytes(b"")
    (folder / "ru/status.wav").write_bytes(b"")
    with pytest.raises(PromptError) as refused:
        Catalogue.load(folder, tmp_path)
    told = str(refused.value).splitlines()
    assert [Path(line.split(": ")[0]).name for line in told] == [
        "five.wav", "four.txt", "one.txt", "status.txt", "two.txt", "three.txt",
    ]  # fmt: skip


def test_sounds_come_from_the_index(folder: Path, tmp_path: Path):
    (tmp_path / "rendered/ru").mkdir(parents=True)
    (folder / "ru/welcome.wav").write_bytes(b"")
    pieces = {"Заявка": Sound("aa", 0.5), "сто": Sound("bb", 0.25)}
    rendered = tmp_path / "rendered"
    Rendered(rendered).write("ru", Index("anna", "GPL", pieces, {"welcome": Sound("cc", 7.5)}))
    catalogue = Catalogue.load(folder, rendered)
    (welcome,) = catalogue.say("welcome", "ru")
    assert welcome.audio == str(rendered / "ru/cc")
    assert catalogue.seconds("welcome", "ru") == 7.5
    audio = [u.audio for u in catalogue.say("status", "ru", **VALUES)]
    assert audio[:3] == [str(rendered / "ru/aa"), str(rendered / "ru/bb"), None]


def test_a_broken_index_leaves_texts_to_say(folder: Path, tmp_path: Path):
    (tmp_path / "rendered/ru").mkdir(parents=True)
    (tmp_path / "rendered/ru/index.json").write_text("{")
    assert Catalogue.load(folder, tmp_path / "rendered").say("welcome", "ru")[0].audio is None


def test_saying_costs_microseconds(catalogue: Catalogue):
    heard(catalogue)
    started = time.perf_counter()
    for _ in range(200):
        catalogue.say("welcome", "ru")
        heard(catalogue)
    assert (time.perf_counter() - started) / 200 < 0.002
