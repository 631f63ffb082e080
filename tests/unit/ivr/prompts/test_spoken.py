"""Numbers, dates and lengths of time, checked by hand in each language and by properties over all values."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompts.grammar import PAUSE, grammar, languages
from ivr.prompts.spoken import in_words, inventory, spoken
from ivr.speech import Day, Groups, Number, Prompt, Span, Text, Value

LANGUAGES = ("en", "ru", "tt")


def said(value: Value, language: str, form: str = "") -> str:
    return " ".join(spoken(value, language, form)).replace(f" {PAUSE}", PAUSE)


def test_languages_are_found_by_their_files():
    assert languages() == LANGUAGES
    with pytest.raises(ValueError, match="ivr/prompts/languages"):
        spoken(Number(1), "de")


@pytest.mark.parametrize(
    ("number", "ru", "en", "tt"),
    [
        (0, "ноль", "zero", "ноль"),
        (1, "один", "one", "бер"),
        (2, "два", "two", "ике"),
        (5, "пять", "five", "биш"),
        (10, "десять", "ten", "ун"),
        (11, "одиннадцать", "eleven", "унбер"),
        (12, "двенадцать", "twelve", "унике"),
        (14, "четырнадцать", "fourteen", "ундүрт"),
        (18, "восемнадцать", "eighteen", "унсигез"),
        (19, "девятнадцать", "nineteen", "унтугыз"),
        (20, "двадцать", "twenty", "егерме"),
        (21, "двадцать один", "twenty-one", "егерме бер"),
        (33, "тридцать три", "thirty-three", "утыз өч"),
        (40, "сорок", "forty", "кырык"),
        (56, "пятьдесят шесть", "fifty-six", "илле алты"),
        (67, "шестьдесят семь", "sixty-seven", "алтмыш җиде"),
        (74, "семьдесят четыре", "seventy-four", "җитмеш дүрт"),
        (88, "восемьдесят восемь", "eighty-eight", "сиксән сигез"),
        (90, "девяносто", "ninety", "туксан"),
        (99, "девяносто девять", "ninety-nine", "туксан тугыз"),
        (100, "сто", "one hundred", "йөз"),
        (101, "сто один", "one hundred and one", "йөз бер"),
        (111, "сто одиннадцать", "one hundred and eleven", "йөз унбер"),
        (200, "двести", "two hundred", "ике йөз"),
        (345, "триста сорок пять", "three hundred and forty-five", "өч йөз кырык биш"),
        (999, "девятьсот девяносто девять", "nine hundred and ninety-nine", "тугыз йөз туксан тугыз"),
        (1000, "тысяча", "one thousand", "мең"),
        (1001, "тысяча один", "one thousand and one", "мең бер"),
        (1100, "тысяча сто", "one thousand one hundred", "мең йөз"),
        (2000, "две тысячи", "two thousand", "ике мең"),
        (2026, "две тысячи двадцать шесть", "two thousand and twenty-six", "ике мең егерме алты"),
        (5000, "пять тысяч", "five thousand", "биш мең"),
        (11_000, "одиннадцать тысяч", "eleven thousand", "унбер мең"),
        (21_000, "двадцать одна тысяча", "twenty-one thousand", "егерме бер мең"),
        (22_002, "двадцать две тысячи два", "twenty-two thousand and two", "егерме ике мең ике"),
        (101_000, "сто одна тысяча", "one hundred and one thousand", "йөз бер мең"),
        (112_345, "сто двенадцать тысяч триста сорок пять",
         "one hundred and twelve thousand three hundred and forty-five", "йөз унике мең өч йөз кырык биш"),
        (999_999, "девятьсот девяносто девять тысяч девятьсот девяносто девять",
         "nine hundred and ninety-nine thousand nine hundred and ninety-nine",
         "тугыз йөз туксан тугыз мең тугыз йөз туксан тугыз"),
    ],
)  # fmt: skip
def test_cardinals(number: int, ru: str, en: str, tt: str):
    assert (said(Number(number), "ru"), said(Number(number), "en"), said(Number(number), "tt")) == (ru, en, tt)


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (1, "feminine", "одна"),
        (2, "feminine", "две"),
        (11, "feminine", "одиннадцать"),
        (12, "feminine", "двенадцать"),
        (21, "feminine", "двадцать одна"),
        (102, "feminine", "сто две"),
        (1, "neuter", "одно"),
        (2, "neuter", "два"),
        (31, "neuter", "тридцать одно"),
        (1001, "feminine", "тысяча одна"),
    ],
)
def test_russian_gender(number: int, form: str, expected: str):
    assert said(Number(number), "ru", form) == expected


@pytest.mark.parametrize(
    ("day", "language", "form", "expected"),
    [
        (date(2026, 11, 23), "ru", "", "двадцать третье ноября две тысячи двадцать шестого года"),
        (date(2026, 11, 23), "ru", "genitive", "двадцать третьего ноября две тысячи двадцать шестого года"),
        (date(2027, 1, 1), "ru", "", "первое января две тысячи двадцать седьмого года"),
        (date(2027, 3, 3), "ru", "genitive", "третьего марта две тысячи двадцать седьмого года"),
        (date(2030, 5, 13), "ru", "", "тринадцатое мая две тысячи тридцатого года"),
        (date(2040, 8, 30), "ru", "genitive", "тридцатого августа две тысячи сорокового года"),
        (date(2000, 2, 29), "ru", "", "двадцать девятое февраля двухтысячного года"),
        (date(1999, 12, 31), "ru", "", "тридцать первое декабря тысяча девятьсот девяносто девятого года"),
        (date(1900, 6, 20), "ru", "", "двадцатое июня тысяча девятисотого года"),
        (date(2100, 7, 2), "ru", "", "второе июля две тысячи сотого года"),
        (date(2111, 4, 8), "ru", "", "восьмое апреля две тысячи сто одиннадцатого года"),
        (date(2026, 11, 23), "en", "", "the twenty-third of November twenty twenty-six"),
        (date(2009, 1, 1), "en", "", "the first of January two thousand and nine"),
        (date(2000, 2, 2), "en", "", "the second of February two thousand"),
        (date(2010, 3, 12), "en", "", "the twelfth of March twenty ten"),
        (date(1905, 5, 20), "en", "", "the twentieth of May nineteen oh five"),
        (date(1900, 8, 31), "en", "", "the thirty-first of August nineteen hundred"),
        (date(2026, 11, 23), "tt", "", "ике мең егерме алтынчы елның егерме өченче ноябре"),
        (date(2026, 11, 23), "tt", "locative", "ике мең егерме алтынчы елның егерме өченче ноябрендә"),
        (date(2026, 11, 23), "tt", "dative", "ике мең егерме алтынчы елның егерме өченче ноябренә"),
        (date(2027, 1, 1), "tt", "", "ике мең егерме җиденче елның беренче гыйнвары"),
        (date(2030, 3, 8), "tt", "", "ике мең утызынчы елның сигезенче марты"),
        (date(1945, 5, 9), "tt", "locative", "мең тугыз йөз кырык бишенче елның тугызынчы маенда"),
        (date(2040, 8, 30), "tt", "", "ике мең кырыгынчы елның утызынчы августы"),
        (date(2000, 2, 10), "tt", "", "ике меңенче елның унынчы феврале"),
        (date(1900, 6, 20), "tt", "", "мең тугыз йөзенче елның егерменче июне"),
        (date(2019, 12, 11), "tt", "dative", "ике мең унтугызынчы елның унберенче декабренә"),
    ],
)
def test_dates(day: date, language: str, form: str, expected: str):
    assert said(Day(day), language, form) == expected


@pytest.mark.parametrize(
    ("seconds", "ru", "en", "tt"),
    [
        (0, "ноль секунд", "zero seconds", "ноль секунд"),
        (1, "одна секунда", "one second", "бер секунд"),
        (21, "двадцать одна секунда", "twenty-one seconds", "егерме бер секунд"),
        (42, "сорок две секунды", "forty-two seconds", "кырык ике секунд"),
        (59.4, "пятьдесят девять секунд", "fifty-nine seconds", "илле тугыз секунд"),
        (60, "одна минута", "one minute", "бер минут"),
        (120, "две минуты", "two minutes", "ике минут"),
        (149, "две минуты", "two minutes", "ике минут"),
        (150, "три минуты", "three minutes", "өч минут"),
        (300, "пять минут", "five minutes", "биш минут"),
        (660, "одиннадцать минут", "eleven minutes", "унбер минут"),
        (1260, "двадцать одна минута", "twenty-one minutes", "егерме бер минут"),
        (1440, "двадцать четыре минуты", "twenty-four minutes", "егерме дүрт минут"),
        (6660, "сто одиннадцать минут", "one hundred and eleven minutes", "йөз унбер минут"),
    ],
)
def test_lengths_of_time(seconds: float, ru: str, en: str, tt: str):
    span = Span(timedelta(seconds=seconds))
    assert (said(span, "ru"), said(span, "en"), said(span, "tt")) == (ru, en, tt)


def test_a_length_of_time_in_the_russian_accusative():
    assert said(Span(timedelta(minutes=1)), "ru", "accusative") == "одну минуту"
    assert said(Span(timedelta(minutes=22)), "ru", "accusative") == "двадцать две минуты"
    assert said(Span(timedelta(seconds=31)), "ru", "accusative") == "тридцать одну секунду"


@pytest.mark.parametrize(
    ("groups", "ru", "en", "tt"),
    [
        (("112", "233", "445", "95"), "сто двенадцать, двести тридцать три, четыреста сорок пять, девяносто пять",
         "one one two, two three three, four four five, nine five",
         "йөз унике, ике йөз утыз өч, дүрт йөз кырык биш, туксан биш"),
        (("005",), "ноль ноль пять", "zero zero five", "ноль ноль биш"),
        (("000", "10"), "ноль ноль ноль, десять", "zero zero zero, one zero", "ноль ноль ноль, ун"),
        (("400", "95"), "четыре ноль ноль, девяносто пять", "four zero zero, nine five",
         "дүрт ноль ноль, туксан биш"),
        (("400", "05"), "четыреста, ноль пять", "four zero zero, zero five", "дүрт йөз, ноль биш"),
        (("20", "5"), "два ноль, пять", "two zero, five", "ике ноль, биш"),
        (("440", "112"), "четыреста сорок, сто двенадцать", "four four zero, one one two",
         "дүрт йөз кырык, бер йөз унике"),
        (("12345678",), "сто двадцать три, сорок пять, шестьсот семьдесят восемь",
         "one two three, four five, six seven eight",
         "йөз егерме өч, кырык биш, алты йөз җитмеш сигез"),
    ],
)  # fmt: skip
def test_digits_in_groups(groups: tuple[str, ...], ru: str, en: str, tt: str):
    value = Groups(groups)
    assert (said(value, "ru"), said(value, "en"), said(value, "tt")) == (ru, en, tt)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lengths", [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1)])
def test_groups_are_told_apart_even_without_the_pause(language: str, lengths: tuple[int, ...]):
    heard: dict[str, str] = {}
    for digits in product("0123456789", repeat=sum(lengths)):
        number, ends = "".join(digits), [sum(lengths[:i]) for i in range(len(lengths) + 1)]
        groups = tuple(number[start:end] for start, end in pairwise(ends))
        sound = "".join(spoken(Groups(groups), language)).replace(PAUSE, "").replace(" ", "")
        assert heard.setdefault(sound, number) == number


@given(
    number=st.integers(0, 999_999),
    day=st.dates(date(1000, 1, 1), date(2999, 12, 31)),
    seconds=st.floats(0, 59_000_000, allow_nan=False),
    groups=st.lists(st.text("0123456789", min_size=1, max_size=15), min_size=1, max_size=5),
    language=st.sampled_from(LANGUAGES),
    form=st.sampled_from(sorted({"", *(form for language in LANGUAGES for form in grammar(language).forms)})),
)
def test_all_that_can_be_said_is_rendered_before_any_call(
    number: int, day: date, seconds: float, groups: list[str], language: str, form: str
):
    known = inventory(language)
    for value in (Number(number), Day(day), Span(timedelta(seconds=seconds)), Groups(tuple(groups))):
        pieces = spoken(value, language, form)
        assert pieces
        assert set(pieces) <= known


def parsed(words: str, language: str) -> int:
    """A cardinal back from its words: hundreds and thousands multiply or add as the language does."""
    speaker = grammar(language)
    values = {piece: number for number in range(100) for piece in speaker.cardinal(number)}
    forms = {"feminine", "neuter"} if language == "ru" else set()
    values |= {speaker.cardinal(number, form)[0]: number for number in range(100) for form in forms}
    values |= {speaker.cardinal(hundred)[0]: hundred for hundred in range(100, 1000, 100)}
    total = group = 0
    for piece in words.split("|"):
        plain = piece.removesuffix(" and")
        if plain in {"тысяча", "тысячи", "тысяч", "thousand", "мең"}:
            total, group = (group or 1) * 1000, 0
        else:
            group += values[plain]
    return total + group


@given(number=st.integers(0, 999_999), language=st.sampled_from(LANGUAGES))
def test_a_cardinal_can_be_understood(number: int, language: str):
    assert parsed("|".join(spoken(Number(number), language)), language) == number


@pytest.mark.parametrize(
    "value",
    [
        Number(-1),
        Number(1_000_000),
        Groups(("12a",)),
        Groups(("",)),
        Groups(("١٢",)),
        Day(date(999, 1, 1)),
        Day(date(3000, 1, 1)),
        Span(timedelta(seconds=-1)),
        Prompt("main"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_said_is_refused_without_repeating_digits(value: Value, language: str):
    with pytest.raises(ValueError) as refused:
        spoken(value, language)
    assert "12a" not in str(refused.value)


def test_words_are_said_as_they_stand():
    assert spoken(Text("Республика Татарстан"), "ru") == ("Республика Татарстан",)


def test_numerals_in_a_text_are_written_out():
    assert in_words("Нажмите 1, звоните 112 или 007", "ru") == "Нажмите один, звоните сто двенадцать или ноль ноль семь"
    assert in_words("0 басыгыз", "tt") == "ноль басыгыз"
    assert in_words("Call 88005553535", "en").endswith("five three, five three five")
