"""``ivr user``: people are made, listed, changed and removed, each told and remembered for auditors."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from ivr import cli
from ivr.cli import user
from ivr.settings import Settings
from ivr.tickets.audit import Audit
from ivr.tickets.database import Database
from ivr.tickets.users import Users

ADD = ["user", "add", "anna", "--role", "operator", "--name", "Анна", "--password-stdin"]
PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    assert user
    monkeypatch.setenv("IVR_STATE", str(tmp_path))


def ivr(*words, typed=None):
    result = CliRunner().invoke(cli.app, [*words], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit | cli.Refusal):
        raise result.exception
    return result.output, str(result.exception or "")


async def kept(id, password):
    database = Database(Settings.from_environment().database_url)
    try:
        found = await Users(database).verify(id, password)
        return found, [(deed.what, deed.about) for deed in await Audit(database).list(10)]
    finally:
        await database.close()


def test_somebody_signs_in_until_they_are_removed(tmp_path):
    assert "anna can sign in now" in ivr(*ADD, typed=f"{PASSWORD}\n")[0]
    [listed] = json.loads(ivr("user", "list", "--format", "json")[0])
    assert (listed["id"], listed["name"], listed["role"]) == ("anna", "Анна", "operator")
    assert asyncio.run(kept("anna", PASSWORD))[0].name == "Анна"
    ivr("user", "password", "anna", "--password-stdin", typed="another one\n")
    ivr("user", "role", "anna", "--role", "senior")
    assert asyncio.run(kept("anna", PASSWORD))[0] is None
    assert asyncio.run(kept("anna", "another one"))[0].role == "senior"
    ivr("user", "remove", "anna")
    found, deeds = asyncio.run(kept("anna", "another one"))
    assert found is None
    assert [what for what, about in deeds if about == "anna"] == [
        "user-removed", "role-changed to senior", "password-changed", "user-added",
    ]  # fmt: skip
    assert "nobody can sign in yet" in ivr("user", "list")[0]
    assert not any(PASSWORD.encode() in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        ([*ADD[:3], "--role", "boss", *ADD[5:]], "there is no role 'boss'; there are operator"),
        (ADD, "there is a user anna already"),
        (["user", "remove", "boris"], "there is no user boris"),
        (["user", "add", "Анна", *ADD[3:]], "Анна"),
    ],
)
def test_what_cannot_be_is_refused_in_words(words, mend):
    ivr(*ADD, typed=f"{PASSWORD}\n")
    assert mend in ivr(*words, typed=f"{PASSWORD}\n")[1]
