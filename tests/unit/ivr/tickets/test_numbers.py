import asyncio

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ivr.identifiers.ticket_number import is_valid
from ivr.tickets.database import Database
from ivr.tickets.numbers import LAST, Numbers, reserve, with_check_digit
from tests.until import until

bases = st.integers(1_000_000, LAST)


@given(bases, st.data())
def test_a_wrong_digit_is_caught(base, data):
    number = str(with_check_digit(base))
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    assert is_valid(number)
    assert not is_valid(number[:place] + wrong + number[place + 1 :])


@given(bases, st.data())
def test_swapped_neighbours_are_caught(base, data):
    number = str(with_check_digit(base))
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_valid(swapped)


def test_lengths_of_inn_snils_and_ogrn_are_no_ticket():
    for digits in (7, 10, 11, 12, 13, 15):
        assert not is_valid(str(with_check_digit(10 ** (digits - 2))))
    assert not is_valid("0")
    assert not is_valid(str(-with_check_digit(1_000_000)))


async def test_first_number_has_eight_digits(database):
    numbers = Numbers(database)
    await numbers.refill()
    assert len(str(numbers.take())) == 8


async def test_eight_digits_run_over_into_nine(database):
    async with database.write() as session:
        await session.execute(text("UPDATE number_counter SET next = 9999998"))
    numbers = Numbers(database, block=4)
    await numbers.refill()
    given_numbers = [numbers.take() for _ in range(4)]
    assert [len(str(number)) for number in given_numbers] == [8, 8, 9, 9]
    assert all(is_valid(str(number)) for number in given_numbers)


async def test_two_engines_and_a_crash_never_give_a_number_twice(url, database):
    given_numbers = []
    for _ in range(3):  # each is dropped without being stopped: a crash
        first, second = Numbers(database, block=10), Numbers(Database(url), block=10)
        await asyncio.gather(first.refill(), second.refill())
        given_numbers += [numbers.take() for numbers in (first, second) for _ in range(15)]
        await second._database.close()
    assert len(set(given_numbers)) == len(given_numbers)
    assert all(is_valid(str(number)) for number in given_numbers)


async def test_a_clean_stop_gives_the_rest_back(database):
    numbers = Numbers(database, block=10)
    await numbers.refill()
    task = asyncio.create_task(numbers.run())
    taken = [numbers.take() for _ in range(3)]
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    block = await reserve(database, 10)
    assert with_check_digit(block.next) > taken[-1]
    assert block.next == 1_000_003


async def test_it_refills_before_it_runs_out(database):
    numbers = Numbers(database, block=5)
    task = asyncio.create_task(numbers.run())
    await until(lambda: numbers.ahead >= 6)
    given_numbers = []
    for _ in range(30):
        given_numbers.append(numbers.take())
        await until(lambda: numbers.ahead >= 4)
    task.cancel()
    await asyncio.wait([task])
    assert all(len(str(number)) == 8 for number in given_numbers)
    assert len(set(given_numbers)) == 30


async def test_numbers_are_given_without_a_database(tmp_path):
    away = Database(f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/kommutator.db")
    numbers = Numbers(away, clock=lambda: 1_800_000_000.0)
    given_numbers = [numbers.take() for _ in range(1000)]
    assert len(set(given_numbers)) == 1000
    assert all(is_valid(str(number)) and len(str(number)) == 14 for number in given_numbers)
