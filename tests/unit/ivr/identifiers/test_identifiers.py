"""Every registered identifier keeps the contract, whichever file it comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.identifiers import snils, ticket_number
from ivr.identifiers.registry import Identifier, identifiers
from ivr.tickets import numbers
from ivr.tickets.vault import mask


@pytest.mark.parametrize("identifier", identifiers().values(), ids=lambda identifier: identifier.name)
class TestContract:
    def test_its_groups_hold_every_digit(self, identifier: Identifier) -> None:
        for length in identifier.lengths:
            digits = ("1234567890" * 2)[:length]
            assert "".join(identifier.grouped(digits)) == digits

    def test_its_check_refuses_nonsense_without_an_exception(self, identifier: Identifier) -> None:
        for digits in ("", "1", "abc", "9" * 40, "１１２２３３４４５９５"):
            assert identifier.check(digits) is False

    def test_its_mask_hides_as_the_vault_does(self, identifier: Identifier) -> None:
        if not identifier.request:
            digits = "1" * identifier.lengths[0]
            assert identifier.mask(digits).replace(" ", "") == mask(identifier.name, digits)


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


def test_the_keypad_and_the_numbers_agree_on_lengths() -> None:
    assert ticket_number.LENGTHS == numbers.LENGTHS
