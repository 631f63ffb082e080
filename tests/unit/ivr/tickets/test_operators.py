import hashlib

import pytest

from ivr.tickets.operators import OperatorRefused, Operators, skills_of


async def test_an_operator_is_kept_without_the_password(database, tmp_path):
    operators = Operators(database)
    await operators.add("anna", "Анна", {"technical": 3}, "correct horse", ["ru", "tt"])
    anna = await operators.get("anna")
    assert anna is not None
    assert anna.skills == {"technical": 3, "language.ru": 5, "language.tt": 5}
    assert anna.ha1 == hashlib.md5(b"anna:kommutator:correct horse").hexdigest()
    assert (anna.state, anna.name) == ("offline", "Анна")
    assert anna.ha1 not in repr(anna)
    await database.close()
    assert not any(b"correct horse" in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    "wrong", ["", "Anna", "7800", "an na", "a" * 33, "kommutator", "kommutator-1", "анна", "a/b", "a\n"]
)
async def test_ids_that_could_be_taken_for_something_else(sqlite_database, wrong):
    with pytest.raises(OperatorRefused, match="use lower-case letters"):
        await Operators(sqlite_database).add(wrong, "A", {}, "correct horse")


async def test_an_id_is_given_once(database):
    operators = Operators(database)
    await operators.add("anna", "Anna", {}, "correct horse")
    with pytest.raises(OperatorRefused, match="already"):
        await operators.add("anna", "Other", {}, "correct horse")


async def test_change_state_remove(database):
    operators = Operators(database)
    await operators.add("boris", "Boris", {"payments": 1}, "correct horse")
    await operators.add("anna", "Anna", {}, "correct horse")
    await operators.set_state("boris", "not-ready", "no-answer", 1.8e9)
    changed = await operators.change("boris", skills={"payments": 4})
    assert (changed.skills, changed.state, changed.reason, changed.since) == (
        {"payments": 4},
        "not-ready",
        "no-answer",
        1.8e9,
    )
    assert [operator.id for operator in await operators.list()] == ["anna", "boris"]
    assert await operators.remove("boris") and not await operators.remove("boris")
    with pytest.raises(OperatorRefused, match="no operator 'boris'"):
        await operators.set_state("boris", "ready")


def test_levels_and_names_of_skills():
    with pytest.raises(OperatorRefused, match="levels go from 1"):
        skills_of({"technical": 6})
    with pytest.raises(OperatorRefused, match="skill 'Tech Support'"):
        skills_of({"Tech Support": 1})
    assert skills_of({"language.tt": 2}, ["tt", "ru"]) == {"language.tt": 2, "language.ru": 5}
