import pytest

from ivr.tickets.tokens import RoleUnknown, Tokens


async def test_a_token_is_shown_once_and_kept_hashed(database, tmp_path):
    tokens = Tokens(database)
    secret = await tokens.create("supervisor", "board in room 5")
    token = await tokens.check(secret)
    assert token is not None and (token.role, token.label) == ("supervisor", "board in room 5")
    await database.close()
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())


async def test_a_revoked_or_unknown_token_is_nobody(database):
    tokens = Tokens(database)
    secret = await tokens.create("admin")
    [listed] = await tokens.list()
    assert await tokens.revoke(listed.id) and not await tokens.revoke(listed.id)
    assert await tokens.check(secret) is None
    for wrong in ("", "ivr_", "\udcff", "ы" * 1000):
        assert await tokens.check(wrong) is None
    assert (await tokens.list())[0].revoked is not None


async def test_roles_are_told(database):
    with pytest.raises(RoleUnknown, match="there are operator, senior, supervisor, admin, auditor, and service"):
        await Tokens(database).create("boss")
