"""People and their sessions, on both databases."""

import pytest

from ivr.tickets.audit import Audit
from ivr.tickets.sessions import MOST, Sessions
from ivr.tickets.users import UserRefused, Users


async def test_a_user_and_their_sessions(database):
    users, sessions = Users(database), Sessions(database)
    await users.add("anna", "Анна", "operator", "correct horse")
    with pytest.raises(UserRefused, match="already"):
        await users.add("anna", "Анна", "operator", "correct horse")
    assert (await users.verify("anna", "correct horse")).role == "operator"
    assert await users.verify("anna", "wrong") is None and await users.verify("boris", "correct horse") is None
    secret = await sessions.open("anna")
    assert (await sessions.check(secret)).id == "anna"
    await sessions.close(secret)
    assert await sessions.check(secret) is None
    secret = await sessions.open("anna")
    await users.remove("anna")
    assert await sessions.check(secret) is None


async def test_the_oldest_session_ends_when_there_are_too_many(database):
    users, sessions = Users(database), Sessions(database)
    await users.add("anna", "Анна", "operator", "correct horse")
    first = await sessions.open("anna")
    others = [await sessions.open("anna") for _ in range(MOST)]
    assert await sessions.check(first) is None
    assert [await sessions.check(each) is not None for each in others] == [True] * MOST


async def test_deeds_are_read_page_by_page(database):
    audit = Audit(database)
    for number in range(5):
        await audit.add("anna", f"deed-{number}")
    newest = await audit.list(2)
    older = await audit.list(9, before=newest[-1].id)
    assert [deed.what for deed in (*newest, *older)] == [f"deed-{number}" for number in (4, 3, 2, 1, 0)]
