"""``ivr why`` of a ticket in a real database, whose decision a real router made."""

import json

import pytest
from typer.testing import CliRunner

from ivr.calllog.events import Decided, End, Ended, Entry, Offered, Queued, Started
from ivr.cli import Refusal, app, why
from ivr.tickets.database import Database
from ivr.tickets.operators import Operators
from ivr.tickets.record import Recorder
from routing.explain.written import written
from tests.unit.routing.desk import Desk

assert why  # a command joins by being imported
NUMBER, OTHER = 10000004, 10000012
START = {"called": "+78005553535", "caller": "", "line": "moscow", "region": "77", "language": "ru", "flow": "main"}


@pytest.fixture
async def hotline(tmp_path, monkeypatch):
    monkeypatch.setenv("IVR_STATE", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'kommutator.db'}")
    await database.migrate()
    await Operators(database).add("op99", "New", {"payments": 5}, "a-long-password")
    desk = Desk()
    desk.join("op7", **{"payments": 1, "language.ru": 5})
    desk.join("op8", **{"payments": 3, "language.ru": 5})
    desk.join("op9", **{"payments": 4})
    (offer,) = desk.call("c1", **{"payments": 3, "language.ru": 1})
    story = [
        Started(at=1.795e9, ticket=NUMBER, **START),
        Queued(at=1.795e9, queue="q", needs={"payments": 3}, since=1.795e9),
        Decided(at=1.795e9, seen=written(desk.router.seen(offer))),
        Offered(at=1.795e9, operator="op8"),
        Decided(at=1.795e9, seen={"form": 7}),
        Ended(at=1.795e9 + 5, end=End.ANSWERED),
    ]
    entries = [Entry("c1", seq, event) for seq, event in enumerate(story, 1)]
    await Recorder(database).record([*entries, Entry("c2", 1, Started(at=1.795e9, ticket=OTHER, **START))])
    await database.close()


def ivr(*words: str) -> str:
    result = CliRunner().invoke(app, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_why_says_who_was_eligible_and_who_was_ruled_out_by_what(hotline):
    lines = ivr("why", str(NUMBER)).splitlines()
    assert lines[0].endswith("offered to op8: the only one free who could take it")
    assert [line.strip() for line in lines[1:4]] == [
        "the call had waited 0 s in queue q and needed payments:3 and the language ru",
        "1 of 3 operators could take it, 1 of them free",
        "ruled out: op7 lacks payments:3; op9 lacks the language ru",
    ]
    assert "cannot read" in lines[4]


def test_why_in_russian(hotline):
    words = ivr("why", str(NUMBER), "--language", "ru", "--if", "у op7 было payments:3")
    assert "предложен op8: только этот оператор был свободен и мог его принять" in words
    assert "op9 — нет языка ru" in words
    assert "тогда: предложен op7" in words


def test_what_if(hotline):
    assert "if so: offered to op7" in ivr("why", str(NUMBER), "--if", "op7 had payments:3")
    assert "if so: offered to op8 all the same" in ivr("why", str(NUMBER), "--if", "op7 were away")
    both = ivr("why", str(NUMBER), "--if", "op8 were away", "--if", "op9 spoke ru")
    assert "if so: offered to op9" in both
    assert "if so: offered to op99" in ivr(
        "why", str(NUMBER), "--if", "op8 were away and op99 were ready and op99 spoke ru"
    )


def test_as_json(hotline):
    given = json.loads(ivr("why", str(NUMBER), "--format", "json", "--if", "op7 had payments:3"))
    first, unread = given["decisions"]
    assert (first["decided"]["operator"], first["otherwise"]["operator"]) == ("op8", "op7")
    assert first["decided"]["ruled_out"][0] == {
        "who": "op7", "rule": "lacks", "detail": "payments:3", "reason": "", "until": None
    }  # fmt: skip
    assert unread["decided"] is None and unread["words"]


def test_what_cannot_be_told_is_refused_in_words(hotline):
    assert "no decision about ticket" in ivr("why", str(OTHER))
    for words, refused in (
        (("10000020",), "there is no ticket 10000020"),
        ((str(NUMBER), "--if", "op6 were away"), "did you mean"),
        ((str(NUMBER), "--if", "op99 had payments:5"), "suppose 'op99 were ready' too"),
    ):
        with pytest.raises(Refusal, match=refused):
            ivr("why", *words)
