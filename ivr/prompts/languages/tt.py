"""Tatar: neither num2words nor CLDR speaks its numbers, so the tables are ours.

Ordinals take -нчы or -нче after a vowel, -ынчы or -енче after a consonant, by vowel harmony. A date puts the year
first, and the month has the possessive ending: «ике мең егерме алтынчы елның егерме өченче ноябре».
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ivr.prompts.grammar import Grammar, Pieces, speaks, words

UNITS = words("ноль бер ике өч дүрт биш алты җиде сигез тугыз")
TENS = words("ун егерме утыз кырык илле алтмыш җитмеш сиксән туксан")
ORDINAL_UNITS = words("- беренче икенче өченче дүртенче бишенче алтынчы җиденче сигезенче тугызынчы")
ORDINAL_TENS = words("унынчы егерменче утызынчы кырыгынчы илленче алтмышынчы җитмешенче сиксәненче туксанынчы")
HUNDRED, THOUSAND = "йөз", "мең"
ORDINAL_HUNDRED, ORDINAL_THOUSAND = "йөзенче", "меңенче"
OF_YEAR = "елның"

MONTHS = {
    "": words("гыйнвары феврале марты апреле мае июне июле августы сентябре октябре ноябре декабре"),
    "locative": words(
        "гыйнварында февралендә мартында апрелендә маенда июнендә июлендә августында сентябрендә октябрендә "
        "ноябрендә декабрендә"
    ),
    "dative": words(
        "гыйнварына февраленә мартына апреленә маена июненә июленә августына сентябренә октябренә ноябренә декабренә"
    ),
}


def _joined(tens: int, unit: str) -> str:
    """From eleven to nineteen are one word: унбер; above, two: егерме бер."""
    return f"{TENS[tens - 1]}{'' if tens == 1 else ' '}{unit}"


def _below_hundred(number: int) -> str:
    tens, units = divmod(number, 10)
    if not tens:
        return UNITS[units]
    return _joined(tens, UNITS[units]) if units else TENS[tens - 1]


def _ordinal(number: int) -> str:
    """1 to 99."""
    tens, units = divmod(number, 10)
    if not units:
        return ORDINAL_TENS[tens - 1]
    return _joined(tens, ORDINAL_UNITS[units]) if tens else ORDINAL_UNITS[units]


def _times(number: int, unit: str) -> str:
    """A hundred and a thousand are said without «one»."""
    return unit if number == 1 else f"{UNITS[number]} {unit}"


def _year(year: int) -> Pieces:
    thousands, hundreds, rest = year // 1000, year % 1000 // 100, year % 100
    if not hundreds and not rest:
        return (f"{_times(thousands, ORDINAL_THOUSAND)} {OF_YEAR}",)
    spoken: Pieces = (_times(thousands, THOUSAND),)
    if not rest:
        return (*spoken, f"{_times(hundreds, ORDINAL_HUNDRED)} {OF_YEAR}")
    if hundreds:
        spoken += (_times(hundreds, HUNDRED),)
    return (*spoken, f"{_ordinal(rest)} {OF_YEAR}")


@speaks("tt")
class Tatar(Grammar):
    """No gender, and no plural after a number: «биш минут». Dates: plain, «…ндә» (on), «…нә» (with кадәр, until)."""

    forms = frozenset({"locative", "dative"})
    minute: ClassVar = {"other": "минут"}
    second: ClassVar = {"other": "секунд"}

    def cardinal(self, number: int, form: str = "") -> Pieces:
        """«йөз унике», «ике мең егерме алты»."""
        thousands, rest = divmod(number, 1000)
        if not thousands:
            return self._below_thousand(rest)
        count = () if thousands == 1 else self._below_thousand(thousands)
        return (*count, THOUSAND, *(self._below_thousand(rest) if rest else ()))

    def _below_thousand(self, number: int) -> Pieces:
        hundreds, rest = divmod(number, 100)
        spoken = (_times(hundreds, HUNDRED),) if hundreds else ()
        return (*spoken, _below_hundred(rest)) if rest or not hundreds else spoken

    def group(self, digits: str, before: str, after: str) -> Pieces:
        """As elsewhere, but «бер йөз» after another group: 440, 512 and 445, 112 must differ."""
        spoken = super().group(digits, before, after)
        if before and spoken[0] == HUNDRED:
            return (f"{UNITS[1]} {HUNDRED}", *spoken[1:])
        return spoken

    def day(self, day: date, form: str = "") -> Pieces:
        """«ике мең егерме алтынчы елның егерме өченче ноябре»."""
        months = MONTHS.get(form, MONTHS[""])
        return (*_year(day.year), _ordinal(day.day), months[day.month - 1])
