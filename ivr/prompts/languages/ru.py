"""Russian: gender of numbers, cases of dates."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ivr.prompts.grammar import Grammar, Pieces, speaks, words

BELOW_TWENTY = words(
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
TENS = words("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
HUNDREDS = words("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
THOUSAND = {"one": "тысяча", "few": "тысячи", "other": "тысяч"}
GENDERS = {
    "feminine": {1: "одна", 2: "две"},
    "feminine accusative": {1: "одну", 2: "две"},
    "neuter": {1: "одно"},
}

ORDINALS_BELOW_TWENTY = words(
    "- перв втор трет четвёрт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат "
    "шестнадцат семнадцат восемнадцат девятнадцат"
)
ORDINAL_TENS = words("двадцат тридцат сороков пятидесят шестидесят семидесят восьмидесят девяност")
ORDINAL_HUNDREDS = words("сот двухсот трёхсот четырёхсот пятисот шестисот семисот восьмисот девятисот")
ORDINAL_THOUSANDS = words("тысячн двухтысячн")
ENDINGS = {"": ("ое", "ье"), "genitive": ("ого", "ьего")}
"""Neuter endings (число): the usual one and that of «третье»."""

MONTHS = words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")


def _below_hundred(number: int, form: str) -> str:
    if number < 20:
        return GENDERS.get(form, {}).get(number, BELOW_TWENTY[number])
    tens, units = TENS[number // 10 - 2], number % 10
    return f"{tens} {_below_hundred(units, form)}" if units else tens


def _ordinal(number: int, case: str) -> str:
    """1 to 99, neuter."""
    usual, third = ENDINGS[case]
    if number >= 20 and number % 10:
        return f"{TENS[number // 10 - 2]} {_ordinal(number % 10, case)}"
    if number == 3:
        return ORDINALS_BELOW_TWENTY[3] + third
    return (ORDINAL_TENS[number // 10 - 2] if number >= 20 else ORDINALS_BELOW_TWENTY[number]) + usual


def _year(year: int) -> Pieces:
    thousands, hundreds, rest = year // 1000, year % 1000 // 100, year % 100
    if not hundreds and not rest:
        return (f"{ORDINAL_THOUSANDS[thousands - 1]}ого года",)
    spoken: Pieces = ("тысяча",) if thousands == 1 else ("две тысячи",)
    if not rest:
        return (*spoken, f"{ORDINAL_HUNDREDS[hundreds - 1]}ого года")
    if hundreds:
        spoken += (HUNDREDS[hundreds - 1],)
    return (*spoken, f"{_ordinal(rest, 'genitive')} года")


@speaks("ru")
class Russian(Grammar):
    """Numbers are masculine unless asked; minutes and seconds are feminine."""

    forms = frozenset({"genitive", "accusative", "feminine", "neuter"})
    minute: ClassVar = {"one": "минута", "accusative one": "минуту", "few": "минуты", "other": "минут"}
    second: ClassVar = {"one": "секунда", "accusative one": "секунду", "few": "секунды", "other": "секунд"}

    def cardinal(self, number: int, form: str = "") -> Pieces:
        """«двести», «двадцать одна»: below a hundred whole, then hundreds and thousands by themselves."""
        thousands, rest = divmod(number, 1000)
        spoken: Pieces = ()
        if thousands:
            count = () if thousands == 1 else self._below_thousand(thousands, "feminine")
            spoken = (*count, THOUSAND.get(self._plural(thousands), THOUSAND["other"]))
        return spoken + self._below_thousand(rest, form) if rest or not thousands else spoken

    def _below_thousand(self, number: int, form: str) -> Pieces:
        hundreds, rest = divmod(number, 100)
        spoken = (HUNDREDS[hundreds - 1],) if hundreds else ()
        return (*spoken, _below_hundred(rest, form)) if rest or not hundreds else spoken

    def counted_form(self, form: str) -> str:
        """«одна минута», «одну минуту»."""
        return "feminine accusative" if form == "accusative" else "feminine"

    def day(self, day: date, form: str = "") -> Pieces:
        """«двадцать третье ноября две тысячи двадцать шестого года»; genitive: «двадцать третьего …»."""
        case = form if form in ENDINGS else ""
        return (_ordinal(day.day, case), MONTHS[day.month - 1], *_year(day.year))
