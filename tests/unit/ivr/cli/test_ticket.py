import json
import re
import time

import pytest
from typer.testing import CliRunner

from ivr.calllog.events import End, Ended, Entry, Identified, NodeEntered, Started
from ivr.cli import Refusal, app, graph, ticket, ticket_change, token
from ivr.tickets.database import Database
from ivr.tickets.record import Recorder

assert graph and ticket and ticket_change and token  # a command joins by being imported
NUMBER = 10000004


@pytest.fixture
def hotline(tmp_path, monkeypatch):
    monkeypatch.setenv("IVR_STATE", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
async def one_call(hotline):
    database = Database(f"sqlite+aiosqlite:///{hotline / 'kommutator.db'}")
    await database.migrate()
    story = [
        Started(
            at=1.795e9,
            ticket=NUMBER,
            called="+78005553535",
            caller="+79161234567",
            line="moscow",
            region="77",
            language="ru",
            flow="main",
            version="0123456789ab",
        ),
        NodeEntered(at=1.795e9, flow="main", node="welcome"),
        NodeEntered(at=1.795e9, flow="main", node="[red]menu"),
        Identified(at=1.795e9, kind="snils", masked="*********95", sealed="SEALED", digest="DIGEST"),
        Ended(at=1.795e9 + 5, end=End.ABANDONED_MENU),
    ]
    await Recorder(database).record([Entry("c1", seq, event) for seq, event in enumerate(story, 1)])
    await database.close()


def ivr(*words: str) -> str:
    result = CliRunner().invoke(app, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_lists_are_tables_or_json(one_call):
    assert re.search(r"10000004 .*\+79161234567 .* moscow .* abandoned-in-menu .* registered", ivr("ticket", "list"))
    [listed] = json.loads(ivr("ticket", "list", "--format", "json", "--limit", "5"))["tickets"]
    assert (listed["number"], listed["registered_at"]) == (NUMBER, "2026-11-18T11:06:40.000Z")
    assert json.loads(ivr("ticket", "list", "--phone", "8 916 123-45-67", "--format", "json"))["tickets"]
    assert "no tickets" in ivr("ticket", "list", "--phone", "+7 916 000-00-00")


def test_show_tells_the_way_and_no_secret(one_call):
    shown = ivr("ticket", "show", str(NUMBER))
    assert "main.welcome → main.[red]menu" in shown
    assert "snils *********95" in shown
    assert "abandoned-in-menu" in shown
    whole = shown + ivr("ticket", "show", str(NUMBER), "--format", "json")
    assert "SEALED" not in whole and "DIGEST" not in whole


def test_list_and_show_tell_the_same_time_that_of_this_machine(one_call, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Moscow")
    time.tzset()
    try:
        listed, shown = ivr("ticket", "list"), ivr("ticket", "show", str(NUMBER))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "2026-11-18 14:06:40" in listed
    assert re.search(r"registered at +2026-11-18 14:06:40 MSK", shown)
    assert re.search(r"14:06:45\.000 .* ended", shown)


def test_status_moves_and_refuses(one_call):
    assert "In progress" in ivr("ticket", "status", str(NUMBER), "in-progress", "--reason", "taken up")
    assert "registered → in-progress taken up by cli:" in ivr("ticket", "show", str(NUMBER))
    with pytest.raises(Refusal, match="what may: waiting-for-documents, done"):
        ivr("ticket", "status", str(NUMBER), "registered")
    with pytest.raises(Refusal, match="there is no ticket 10000017"):
        ivr("ticket", "show", "10000017")


def test_a_letter_is_opened_noted_and_found_by_its_words(hotline):
    ivr("token", "create", "--role", "admin")  # makes the database
    said = ivr("ticket", "open", "Отмените штрафы", "--channel", "letter", "--category", "dispute-fine")
    number = re.search(r"ticket (\d+) is open", said)[1]
    ivr("ticket", "comment", number, "перезвонить завтра")
    for words in ("штраф", "перезвонил"):
        [found] = json.loads(ivr("ticket", "list", "--words", words, "--format", "json"))["tickets"]
        assert (str(found["number"]), found["section"], found["channel"]) == (number, "payments", "letter")
    assert "перезвонить завтра" in ivr("ticket", "show", number)
    assert number in ivr("ticket", "list", "--sort", "due")
    for wrong, mend in (
        (("open", "x", "--channel", "phone"), "there are letter, chat"),
        (("open", "x", "--category", "dispute-fines"), "did you mean"),
        (("open", " "), "printable"),
        (("comment", "10000017", "x"), "there is no ticket 10000017"),
    ):
        with pytest.raises(Refusal, match=mend):
            ivr("ticket", *wrong)


def test_the_version_that_a_call_ran_on_is_shown_and_searched_by(one_call):
    assert re.search(r"version +0123456789ab", ivr("ticket", "show", str(NUMBER)))
    assert json.loads(ivr("ticket", "list", "--version", "0123", "--format", "json"))["tickets"]
    assert "no tickets" in ivr("ticket", "list", "--version", "1234")


@pytest.mark.parametrize("words", [("ticket", "list"), ("ticket", "show", "10000004"), ("token", "list")])
def test_asking_makes_no_database(hotline, words):
    with pytest.raises(Refusal, match=r"there is no database yet: no file .*/kommutator\.db; the first `ivr run`"):
        ivr(*words)
    assert not list(hotline.iterdir())


def test_a_graph_without_a_database_says_so_and_counts_nothing(hotline):
    result = CliRunner().invoke(app, ("graph", "main"))
    assert result.exit_code == 0 and "no calls are counted: there is no database yet" in result.output
    assert not list(hotline.iterdir())


def test_wrong_filters_are_told(hotline, one_call):
    with pytest.raises(Refusal, match="is no telephone number: write it as"):
        ivr("ticket", "list", "--phone", "abc")
    with pytest.raises(Refusal, match="there is no status 'lost'"):
        ivr("ticket", "list", "--status", "lost")
    with pytest.raises(Refusal, match="no place in the list"):
        ivr("ticket", "list", "--after", "x")


def test_tokens_before_the_first_start(hotline):
    secret = ivr("token", "create", "--role", "admin", "--label", "mine").strip()
    assert secret.startswith("ivr_")
    assert secret not in ivr("token", "list")
    [listed] = json.loads(ivr("token", "list", "--format", "json"))
    assert (listed["role"], listed["label"], listed["revoked"]) == ("admin", "mine", None)
    ivr("token", "revoke", str(listed["id"]))
    with pytest.raises(Refusal, match="no valid token"):
        ivr("token", "revoke", str(listed["id"]))
    with pytest.raises(Refusal, match="there is no role 'boss'"):
        ivr("token", "create", "--role", "boss")


def test_a_damaged_database_is_one_line(hotline):
    (hotline / "kommutator.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(Refusal, match=r"kommutator\.db is damaged"):
        ivr("ticket", "list")
