"""A change is told in words that say what callers will notice, in both languages."""

import shutil
from pathlib import Path

import pytest

from ivr.flow.service import load
from ivr.golive.content import read_content
from ivr.golive.diff import Difference, differences
from ivr.settings import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    shutil.copytree(PROJECT / "dialplans", tmp_path / "dialplans")
    shutil.copytree(PROJECT / "recordings/prompts", tmp_path / "recordings/prompts")
    return tmp_path


def told(folder: Path, language: str = "en", waiting: dict[str, int] | None = None) -> list[str]:
    found = differences(load(PROJECT), load(folder), read_content(PROJECT), read_content(folder))
    return [each.words(language, waiting) for each in found]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_same_files_change_nothing(folder: Path) -> None:
    assert told(folder) == []


def test_another_key_text_number_and_opening(folder: Path) -> None:
    edit(folder / "regions.yaml", "+7 800 555-35-38", "+7 800 555-35-48")
    edit(folder / "regions.yaml", "    hours: 24/7", "    hours: {mon-fri: 09:00-18:00}")
    (folder / "recordings/prompts/ru/welcome.txt").write_text("Добрый день.")
    said = told(folder)
    assert "+78005553548 is now answered as line tatarstan." in said
    assert "+78005553538 is line tatarstan no longer." in said
    assert any("hours: 24/7 becomes mon-fri 09:00-18:00" in words for words in said)
    assert any(words.startswith("Text ru/welcome:") and words.endswith("becomes “Добрый день.”") for words in said)


def test_a_menus_key_that_leads_elsewhere(folder: Path) -> None:
    menu = load(PROJECT).flows["main"].nodes["main"]
    first = menu.edges()["1"]
    edit(folder / "dialplans/main.yaml", f"1: {first}", "1: operator")
    assert told(folder) == [f"In the menu main.main key 1 leads to operator, no longer to {first}."]


def test_those_who_wait_are_told_of(folder: Path) -> None:
    edit(folder / "queues.yaml", "technical: {ring: 20s", "technical: {ring: 30s")
    (words,) = told(folder, "ru", {"technical": 7})
    assert words.startswith("Очередь technical, ring: было 20s, станет 30s. Ждущие (7) сохраняют место")


def test_without_a_hotline_nobody_is_counted() -> None:
    queue = {"queue": "technical", "what": "ring", "old": 20.0, "new": 30.0}
    assert "сколько их" in Difference("queue", queue).words("ru")


def test_a_queues_hours_overflow_defaults_and_codes(folder: Path) -> None:
    path = folder / "queues.yaml"
    edit(path, "hours: {mon-fri: 08:00-20:00,", "hours: {mon-fri: 09:00-18:00,")
    edit(path, "payments: {ring: 20s, wrap-up: 10s, max-wait: 25m, overflow: general,", "payments: {overflow: account,")
    edit(path, "general: {ring: 20s, wrap-up: 10s, max-wait: 25m,", "general: {max-wait: 20m,")
    edit(path, "wrap-up-codes: [resolved, referred,", "wrap-up-codes: [referred,")
    said = told(folder, waiting={"feedback": 3, "payments": 2})
    hours = "mon-fri 08:00-20:00, holidays closed (Europe/Moscow) becomes mon-fri 09:00-18:00, holidays closed"
    stays = "Who waits (3) stays as long as somebody on duty can answer."
    assert f"Queue feedback, hours: {hours} (Europe/Moscow). {stays}" in said
    led = "Who waits (2) is led by the new overflow, with their time."
    assert f"Queue payments, overflow: general becomes account. {led}" in said
    assert any(words.startswith("Queue general, max-wait: 1500s becomes 1200s where the flow's") for words in said)
    assert any(words.startswith("Queue feedback, wrap-up codes for operators: resolved, referred") for words in said)
    assert any("итоги звонка для операторов: было resolved" in words for words in told(folder, "ru"))


def test_who_hears_of_what_is_overdue(folder: Path) -> None:
    edit(folder / "sections.yaml", "after: 1 working day,", "after: 2 working days,")
    edit(folder / "sections.yaml", "  overdue: {to: senior, priority: 2}", "  at-once: {to: senior, priority: 3}")
    said = told(folder, "ru")
    changed = "day-overdue теперь 2 working days → head-of-group, +2 вместо 1 working day → head-of-group, +2."
    assert f"Просроченные обращения: правило {changed}" in said
    assert any("новое правило at-once, 0h → senior, +3" in words for words in said)
    assert "Просроченные обращения: правила overdue (0h → senior, +2) больше нет." in said
