"""How the command line finds the running hotline, and what it says when it cannot."""

import socket
import stat

import pytest

from ivr.desk import door
from ivr.desk.access import EngineToken
from ivr.desk.client import Client, NotRunning, Refused
from tests.ports import free


def test_no_hotline(tmp_path):
    with pytest.raises(NotRunning, match="not running: start it with make run"):
        Client.find(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"url": "http://127.0.0.1:1"}', "null"])
def test_a_file_that_says_nothing_is_no_hotline(tmp_path, content):
    door.path(tmp_path).parent.mkdir()
    door.path(tmp_path).write_text(content)
    with pytest.raises(NotRunning):
        Client.find(tmp_path)


def test_the_file_is_for_this_user_alone_and_goes_with_the_hotline(tmp_path):
    with door.opened(tmp_path, "0.0.0.0", 8080, EngineToken(), sip_port=5060) as opened:
        file = door.path(tmp_path)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert door.read(tmp_path) == opened
        assert opened.url == "http://127.0.0.1:8080"
    assert list(file.parent.iterdir()) == []


def test_a_hotline_that_stops_leaves_the_file_of_its_successor(tmp_path):
    with door.opened(tmp_path, "127.0.0.1", 8080, EngineToken(), sip_port=5060):
        successor = door.opened(tmp_path, "127.0.0.1", 8081, EngineToken(), sip_port=5060)
        after = successor.__enter__()
    assert door.read(tmp_path) == after
    successor.__exit__(None, None, None)


def test_a_hotline_that_was_killed(tmp_path):
    (port,) = free()
    with (
        door.opened(tmp_path, "127.0.0.1", port, EngineToken(), sip_port=5060),
        pytest.raises(NotRunning, match="ended by force"),
    ):
        Client.find(tmp_path).get("/healthz")


def test_a_hotline_that_hangs_is_not_taken_for_one_that_is_gone():
    with socket.create_server(("127.0.0.1", 0)) as hangs:
        port = hangs.getsockname()[1]
        hung = Client(door.Door(f"http://127.0.0.1:{port}", "token", 1, 5060), seconds=0.05)
        with pytest.raises(Refused, match="does not answer in time"):
            hung.post("/api/v1/operators", {})
