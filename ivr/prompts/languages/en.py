"""English, as said in Britain: «one hundred and twelve», «the twenty-third of November»."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ivr.prompts.grammar import Grammar, Pieces, speaks, words

BELOW_TWENTY = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
ORDINALS = words(
    "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
ORDINAL_TENS = {20: "twentieth", 30: "thirtieth"}
MONTHS = words("January February March April May June July August September October November December")


def _below_hundred(number: int) -> str:
    if number < 20:
        return BELOW_TWENTY[number]
    tens, units = TENS[number // 10 - 2], number % 10
    return f"{tens}-{BELOW_TWENTY[units]}" if units else tens


def _ordinal(number: int) -> str:
    """1 to 31."""
    if number < 20:
        return ORDINALS[number]
    return ORDINAL_TENS.get(number) or f"{TENS[number // 10 - 2]}-{ORDINALS[number % 10]}"


def _year(year: int) -> Pieces:
    """«nineteen ninety-nine», «nineteen oh five», «two thousand and nine», «twenty twenty-six»."""
    century, rest = divmod(year, 100)
    if century % 10 == 0:
        thousand = _below_hundred(century // 10)
        if rest < 10:
            return (f"{thousand} thousand and", _below_hundred(rest)) if rest else (f"{thousand} thousand",)
    if not rest:
        return (_below_hundred(century), "hundred")
    return (_below_hundred(century), f"oh {_below_hundred(rest)}" if rest < 10 else _below_hundred(rest))


@speaks("en")
class English(Grammar):
    """No cases and no gender; digits are read one by one, as is usual on the telephone."""

    forms = frozenset[str]()
    minute: ClassVar = {"one": "minute", "other": "minutes"}
    second: ClassVar = {"one": "second", "other": "seconds"}

    def cardinal(self, number: int, form: str = "") -> Pieces:
        """«two hundred and five», «twelve thousand and one»."""
        thousands, rest = divmod(number, 1000)
        if not thousands:
            return self._below_thousand(rest)
        joined = "thousand and" if 0 < rest < 100 else "thousand"
        return (*self._below_thousand(thousands), joined, *(self._below_thousand(rest) if rest else ()))

    def _below_thousand(self, number: int) -> Pieces:
        hundreds, rest = divmod(number, 100)
        if not hundreds:
            return (_below_hundred(rest),)
        spoken = f"{BELOW_TWENTY[hundreds]} hundred"
        return (f"{spoken} and", _below_hundred(rest)) if rest else (spoken,)

    def group(self, digits: str, before: str, after: str) -> Pieces:
        """«one, one, two»: digit by digit."""
        return tuple(BELOW_TWENTY[int(digit)] for digit in digits)

    def day(self, day: date, form: str = "") -> Pieces:
        """«the twenty-third of November twenty twenty-six»."""
        return (f"the {_ordinal(day.day)} of", MONTHS[day.month - 1], *_year(day.year))
