"""Every registered identifier keeps the contract, whichever file it comes from."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.flow.prompt_texts import read_prompt_texts
from ivr.identifiers import any_id, inn, ogrn, passport, phone, snils, ticket_number
from ivr.identifiers.registry import Identifier, identifiers
from ivr.settings import PROJECT
from ivr.tickets import numbers

TEXTS = read_prompt_texts(PROJECT / "recordings/prompts")


@pytest.mark.parametrize("identifier", identifiers().values(), ids=lambda identifier: identifier.name)
class TestContract:
    def test_its_groups_hold_every_digit(self, identifier: Identifier) -> None:
        for length in identifier.lengths:
            digits = ("1234567890" * 2)[:length]
            assert "".join(identifier.grouped(digits)) == digits

    def test_its_check_refuses_nonsense_without_an_exception(self, identifier: Identifier) -> None:
        for digits in ("", "1", "abc", "9" * 40, "１１２２３３４４５９５"):
            assert identifier.check(digits) is False

    def test_what_is_said_of_it_is_there_in_each_language(self, identifier: Identifier) -> None:
        for language, word in product(("ru", "en", "tt"), ("ask", "wrong-length", "wrong-check", "name", "confirm")):
            slots = TEXTS[language, f"{identifier.name}-{word}"].slots
            assert slots == ({"digits"} if word == "confirm" else set())

    def test_its_mask_hides_all_but_a_third_of_what_is_personal(self, identifier: Identifier) -> None:
        for length in identifier.lengths:
            masked = identifier.mask("1" * length)
            assert len(masked) == length
            assert identifier.request or masked.count("1") * 3 <= length


def test_snils() -> None:
    assert snils.is_valid("11223344595")
    assert snils.is_valid("08765430200"), "a sum that leaves 100 counts as 00"
    assert snils.is_valid("00100199899"), "numbers up to 001-001-998 have no check"
    assert not snils.is_valid("11223344596")
    assert not snils.is_valid("1122334459")
    assert not snils.is_valid("00000000000")
    assert snils.snils.grouped("11223344595") == ("112", "233", "445", "95")


@given(st.integers(1_001_999, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_snils_is_noticed(body: int, place: int, by: int) -> None:
    digits = f"{body:09}"
    right = next(f"{digits}{check:02}" for check in range(101) if snils.is_valid(f"{digits}{check:02}"))
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    if int(wrong) > snils.LAST_UNCHECKED:
        assert not snils.is_valid(wrong + right[9:]) or _same_sum(digits, wrong)


def _same_sum(one: str, other: str) -> bool:
    """100 and 0 leave the same check number: the one hole in the rule."""
    totals = [sum(int(d) * w for d, w in zip(digits, range(9, 0, -1), strict=True)) % 101 for digits in (one, other)]
    return sorted(totals) == [0, 100]


@given(st.integers(numbers.FIRST, numbers.LAST))
def test_every_number_that_is_given_out_is_understood_at_the_keypad(base: int) -> None:
    digits = str(numbers.with_check_digit(base))
    assert ticket_number.is_valid(digits)
    assert ticket_number.check_digit(str(base)) == digits[-1]
    assert not ticket_number.is_valid(digits[:-1] + str((int(digits[-1]) + 1) % 10))


def test_inn() -> None:
    assert inn.is_valid("7707083893"), "an organisation"
    assert inn.is_valid("500100732259"), "a person"
    assert not inn.is_valid("7707083894")
    assert not inn.is_valid("500100732258")
    assert not inn.is_valid("500100732269")
    assert not inn.is_valid("0000000000")
    assert inn.inn.grouped("500100732259") == ("50", "01", "007", "322", "59")


def test_ogrn() -> None:
    assert ogrn.is_valid("1027700132195"), "an organisation"
    assert ogrn.is_valid("304500116000157"), "an entrepreneur"
    assert not ogrn.is_valid("1027700132196")
    assert not ogrn.is_valid("304500116000158")
    assert not ogrn.is_valid("0000000000000")


@given(st.integers(30_000_000_000_000, 39_999_999_999_999))
def test_every_entrepreneur_has_an_ogrn_that_is_right(body: int) -> None:
    """Remainders of ten to twelve count by their last digit."""
    assert ogrn.is_valid(f"{body}{body % 13 % 10}")


def test_passport() -> None:
    assert passport.is_valid("4509123456")
    assert not passport.is_valid("0009123456")
    assert not passport.is_valid("4509000000")
    assert passport.passport.grouped("4509123456") == ("45", "09", "123", "456")


def test_a_phone_is_one_number_however_it_is_keyed() -> None:
    for keyed in ("89161234567", "79161234567", "9161234567", "8104915112345678"):
        assert phone.is_valid(keyed), keyed
    assert not phone.is_valid("1111111111")
    assert {phone.phone.normal(keyed) for keyed in ("89161234567", "79161234567", "9161234567")} == {"+79161234567"}
    assert phone.phone.grouped("89161234567") == ("8", "916", "123", "45", "67")
    assert phone.phone.grouped("9161234567") == ("916", "123", "45", "67")


def test_any_identifier_is_told_by_its_length_and_check_digits() -> None:
    kinds = any_id.candidates("any-id", requests=True)

    def told(digits: str) -> list[str]:
        return [kind.name for kind in any_id.fitting(kinds, digits)]

    assert told("11223344595") == ["snils"]
    assert told("500100732259") == ["inn"]
    assert told("1027700132195") == ["ogrn"]
    assert told("10000004") == ["ticket-number"]
    assert told("89161234567") == ["phone"]
    assert told("4509123456") == ["passport"]
    assert told("7707083893") == ["inn", "passport"]
    assert told("11223344596") == []
    assert "ticket-number" not in [kind.name for kind in any_id.candidates("any-id", requests=False)]
