"""What the doctor says, over real ports, files and locks; Asterisk's folder is made up."""

import asyncio
import json
import os
import socket
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr import debian, doctor
from ivr.asterisk.conf.modules import NEEDED
from ivr.asterisk.installation import Installation
from ivr.cli import app
from ivr.cli import doctor as _doctor  # noqa: F401 (joins the command line)
from ivr.cli import run as _run  # noqa: F401
from ivr.desk.client import Client
from ivr.desk.door import Door
from ivr.doctor import asterisk, content, engines, hotline, machine
from ivr.doctor.finding import Finding, Level
from ivr.golive.content import read_content
from ivr.golive.versions import Versions
from ivr.settings import PROJECT, Settings
from ivr.sources import Source
from ivr.startup import alone
from ivr.tickets.database import Database
from ivr.tickets.keys import load_keys
from tests.ports import free
from tests.redis_server import redis_server
from tests.unit.small import written

NAMES = ("IVR_SIP_PORT", "IVR_HTTP_PORT", "IVR_AGI_PORT", "IVR_AMI_PORT", "IVR_WS_PORT")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    ports = dict(zip(NAMES, map(str, free(5)), strict=True))
    return {**ports, "IVR_STATE": str(tmp_path / "state"), "IVR_CONFIG": str(PROJECT)}


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return Settings.from_environment(environment)


def installed(tmp_path: Path, version: tuple[int, ...], without: str = "") -> Installation:
    for name in NEEDED:
        if name != without:
            (tmp_path / f"{name}.so").touch()
    return Installation(("asterisk",), version, tmp_path, tmp_path, tmp_path, fetched=False)


def failures(found) -> list[Finding]:
    return [finding for finding in found if finding.level is Level.FAIL]


def test_a_port_of_another_programs_is_told_with_the_variable_to_set(settings):
    with socket.create_server(("127.0.0.1", settings.http_port)):
        (fault,) = failures(machine.ports(settings))
    assert str(settings.http_port) in fault.found
    assert "IVR_HTTP_PORT" in fault.mend


def test_ports_of_this_very_hotline_are_as_they_should_be(settings):
    with alone(settings), socket.create_server(("127.0.0.1", settings.http_port)):
        assert failures(machine.ports(settings)) == []


@pytest.mark.parametrize(("version", "level"), [((22, 10, 1), "ok"), ((22, 9, 0), "warn"), ((20, 6, 0), "warn")])
def test_an_asterisk_with_known_faults_is_warned_of(settings, tmp_path, monkeypatch, version, level):
    monkeypatch.setattr(asterisk, "present", lambda: installed(tmp_path, version))
    assert next(iter(asterisk.installation(settings))).level == level


def test_a_missing_module_is_named(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(asterisk, "present", lambda: installed(tmp_path, (22, 10, 1), without="res_agi"))
    (fault,) = failures(asterisk.installation(settings))
    assert "res_agi" in fault.found


def test_without_asterisk_and_without_apt_there_is_nothing_to_be_had(settings, monkeypatch):
    monkeypatch.setattr(asterisk, "present", lambda: None)
    monkeypatch.setenv("PATH", "/nowhere")
    (fault,) = failures(asterisk.installation(settings))
    assert "apt-get" in fault.mend


def test_without_asterisk_it_is_told_whether_one_can_be_fetched(settings, monkeypatch):
    monkeypatch.setattr(asterisk, "present", lambda: None)
    monkeypatch.setattr(debian, "need", lambda: None)
    monkeypatch.setattr(asterisk, "source", lambda mirror: None)
    (fault,) = failures(asterisk.installation(settings))
    assert "IVR_DEBIAN_MIRROR" in fault.mend
    monkeypatch.setattr(asterisk, "source", lambda mirror: Source("", "", (), Path()))
    (finding,) = asterisk.installation(settings)
    assert (finding.level, "ivr setup" in finding.mend) == (Level.WARN, True)


def test_a_fetched_asterisk_that_does_not_start_is_told(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(asterisk, "present", lambda: installed(tmp_path, ()))
    (fault,) = failures(asterisk.installation(settings))
    assert "delete its folder" in fault.mend


def test_a_fetched_asterisk_in_pieces_is_told(settings, monkeypatch):
    def damaged():
        raise debian.ProvisionError("/cache/asterisk-1 is incomplete")

    monkeypatch.setattr(asterisk, "present", damaged)
    (fault,) = failures(asterisk.installation(settings))
    assert "delete that folder" in fault.mend


def test_waiting_callers_without_music_are_warned_of(settings, tmp_path, monkeypatch):
    nowhere = tmp_path / "no-music"
    monkeypatch.setattr(asterisk, "present", lambda: replace(installed(tmp_path, (22, 10, 1)), music=nowhere))
    (told,) = [finding for finding in asterisk.installation(settings) if finding.about == "music"]
    assert (told.level, str(nowhere) in told.mend) == (Level.WARN, True)


def test_a_machine_that_does_not_know_its_own_name_delays_calls(environment, monkeypatch):
    def unknown(name: str) -> str:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "gethostbyname", unknown)
    settings = Settings.from_environment({**environment, "IVR_BIND": "0.0.0.0"})
    (fault,) = failures(machine.network(settings))
    assert "/etc/hosts" in fault.mend


def test_a_name_that_takes_long_to_find_delays_calls_too(settings, monkeypatch):
    monkeypatch.setattr(machine, "NAME_SECONDS", 0.02)
    found = threading.Event()
    monkeypatch.setattr(socket, "gethostbyname", lambda name: found.wait(0.5))
    (told,) = [finding for finding in machine.network(settings) if finding.about == "host name"]
    found.set()
    assert told.level is Level.WARN
    assert "/etc/hosts" in told.mend


def test_a_trunk_that_lets_everybody_call_is_warned_of(environment):
    settings = Settings.from_environment({**environment, "IVR_TRUNK": "0.0.0.0/0"})
    assert any(finding.about == "IVR_TRUNK" and finding.level is Level.WARN for finding in machine.network(settings))


def test_a_damaged_database_is_told(settings):
    settings.state.mkdir()
    (settings.state / "kommutator.db").write_bytes(b"not a database at all" * 1000)
    (fault,) = failures(content.database(settings))
    assert "backup" in fault.mend


@pytest.mark.parametrize("path", ["kommutator.db", "file/kommutator.db"])
def test_a_database_that_cannot_be_written_is_told(environment, tmp_path, monkeypatch, path):
    (tmp_path / "file").touch()
    (tmp_path / "kommutator.db").touch()
    access = os.access
    monkeypatch.setattr(os, "access", lambda there, mode: Path(there).suffix != ".db" and access(there, mode))
    settings = Settings.from_environment({**environment, "IVR_DATABASE_URL": f"sqlite:///{tmp_path / path}"})
    (fault,) = failures(content.database(settings))
    assert "IVR_DATABASE_URL" in fault.mend


def test_a_server_that_does_not_answer_is_told_without_its_password(environment):
    url = f"postgresql://ivr:secret@127.0.0.1:{free(1)[0]}/ivr"
    (fault,) = failures(content.database(Settings.from_environment({**environment, "IVR_DATABASE_URL": url})))
    assert "PostgreSQL" in fault.mend
    assert "secret" not in str(fault)


def test_a_redis_that_does_not_answer_is_warned_of_without_its_password(environment):
    url = f"redis://ivr:secret@127.0.0.1:{free(1)[0]}/0"
    (finding,) = engines.meeting_place(Settings.from_environment({**environment, "IVR_REDIS_URL": url}))
    assert finding.level is Level.WARN
    assert "IVR_REDIS_URL" in finding.mend
    assert "secret" not in str(finding)


def test_a_redis_that_answers_is_as_it_should_be(environment):
    with redis_server() as server:
        (finding,) = engines.meeting_place(Settings.from_environment({**environment, "IVR_REDIS_URL": server.url}))
    assert finding.level is Level.OK


def test_an_engine_that_routes_by_itself_needs_no_redis(settings):
    assert list(engines.meeting_place(settings)) == []


def test_sounds_that_are_not_made_are_told_for_each_language(settings):
    told = {finding.about: finding for finding in content.prompts(settings)}
    assert set(told) == {"prompts ru", "prompts en", "prompts tt"}
    assert all(each.level is Level.WARN and "ivr prompts build" in each.mend for each in told.values())


def test_a_text_that_cannot_be_said_is_told_by_its_file(environment, tmp_path):
    (tmp_path / "recordings/prompts/ru").mkdir(parents=True)
    (tmp_path / "recordings/prompts/ru/main.txt").write_text("Нажмите {")
    settings = Settings.from_environment({**environment, "IVR_CONFIG": str(tmp_path)})
    (fault,) = failures(content.prompts(settings))
    assert "main.txt" in fault.found


def test_a_configuration_that_cannot_go_live_is_told(environment, tmp_path):
    (tmp_path / "empty").mkdir()
    settings = Settings.from_environment({**environment, "IVR_CONFIG": str(tmp_path / "empty")})
    (fault,) = failures(content.configuration(settings))
    assert "ivr check" in fault.mend


def test_a_broken_configuration_is_a_warning_while_the_last_good_one_serves_calls(environment, tmp_path):
    settings = Settings.from_environment(
        {**environment, "IVR_CONFIG": str(written(tmp_path / "config", "to: {queue: general}"))}
    )
    content_then = read_content(settings.config)
    Versions(settings.state, time.time).went_live("0123456789ab", content_then, "somebody", "")
    (settings.config / "regions.yaml").write_text("lines: [")
    (finding,) = content.configuration(settings)
    assert (finding.level, "the last good version serves calls" in finding.found) == (Level.WARN, True)


def test_tables_that_are_gone_are_told(settings):
    settings.state.mkdir()
    path = settings.state / "kommutator.db"
    asyncio.run(migrated(settings.database_url))
    with sqlite3.connect(path) as damaged:
        damaged.execute("DROP TABLE tickets")
    damaged.close()
    (fault,) = failures(content.database(settings))
    assert ("lacks tables" in fault.found, "restore a backup" in fault.mend) == (True, True)


async def migrated(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


def test_a_key_that_is_yet_to_be_made_is_not_warned_of(settings):
    assert list(content.keys(settings)) == []
    load_keys(settings.state)
    (finding,) = content.keys(settings)
    assert "kept beside it" in finding.found


def test_a_folder_that_cannot_be_looked_at_is_a_finding_and_no_traceback(environment):
    """As one of another user's, which root cannot have: a name that is too long fails for everybody."""
    found = doctor.examined(Settings.from_environment({**environment, "IVR_STATE": f"/tmp/{'x' * 300}"}))
    assert any("set IVR_STATE" in fault.mend for fault in failures(found))
    assert any(finding.about == "host name" for finding in found), "what can be looked at is looked at all the same"


def test_an_asterisk_on_the_path_that_will_not_do_is_told(settings, tmp_path, monkeypatch):
    program = tmp_path / "asterisk"
    program.write_text("#!/bin/sh\necho Asterisk 18.26.1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    fetched = replace(installed(tmp_path, (22, 10, 1)), fetched=True)
    monkeypatch.setattr(asterisk, "present", lambda: fetched)
    said = next(iter(asterisk.installation(settings))).found
    assert str(program) in said and "18.26.1" in said and "is not used" in said


def test_it_speaks_russian_to_who_wants_it_and_the_same_names_to_programs(environment, monkeypatch):
    runner = CliRunner(env=environment)
    with socket.create_server(("127.0.0.1", int(environment["IVR_HTTP_PORT"]))):
        said = runner.invoke(app, ["doctor", "--language", "ru"]).output
        listed = json.loads(runner.invoke(app, ["doctor", "--language", "ru", "--format", "json"]).stdout)
    port = environment["IVR_HTTP_PORT"]
    assert f"порт TCP {port} занят другой программой" in said
    assert "завершите её или укажите в IVR_HTTP_PORT свободный порт" in said
    found = next(finding for finding in listed if finding["about"] == "ports")
    assert (found["level"], found["found"]) == ("fail", f"порт TCP {port} занят другой программой")


def test_looking_changes_nothing(settings):
    doctor.examined(settings)
    assert not settings.state.exists()


def test_its_exit_status_tells_whether_calls_can_be_served(environment, monkeypatch):
    monkeypatch.setattr(doctor, "CHECKS", (machine.ports,))
    runner = CliRunner(env=environment)
    assert runner.invoke(app, ["doctor"]).exit_code == 0
    with socket.create_server(("127.0.0.1", int(environment["IVR_AGI_PORT"]))):
        told = runner.invoke(app, ["doctor", "--format", "json"])
    assert told.exit_code == 1
    assert "IVR_AGI_PORT" in json.loads(told.stdout)[0]["mend"]


def test_a_trunk_that_keeps_the_carrier_out_is_warned_of(environment):
    settings = Settings.from_environment({**environment, "IVR_BIND": "192.0.2.5"})
    assert any(finding.about == "IVR_TRUNK" and finding.level is Level.WARN for finding in machine.network(settings))


def test_a_database_of_a_newer_version_is_told_and_left_alone(settings):
    settings.state.mkdir()
    with sqlite3.connect(settings.state / "kommutator.db") as newer:
        newer.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        newer.execute("INSERT INTO alembic_version VALUES ('9999')")
    newer.close()
    (fault,) = failures(content.database(settings))
    assert "newer version" in fault.found
    assert "install that version" in fault.mend


def test_a_database_that_a_start_will_bring_up_to_date_is_no_fault(settings):
    settings.state.mkdir()
    path = settings.state / "kommutator.db"
    sqlite3.connect(path).close()
    (finding,) = content.database(settings)
    assert (finding.level, "brought up to date" in finding.found) == (Level.OK, True)
    with sqlite3.connect(path) as same:
        assert same.execute("SELECT * FROM sqlite_master").fetchall() == []
    same.close()


@pytest.mark.parametrize("given", [{"IVR_KEY": "c2hvcnQ="}, {"IVR_KEY_FILE": "/nowhere/keys"}])
def test_keys_that_cannot_be_used_are_told_and_not_shown(environment, given):
    (fault,) = failures(content.keys(Settings.from_environment({**environment, **given})))
    assert "c2hvcnQ=" not in str(fault)


def test_a_folder_that_cannot_be_written_names_its_variable(settings, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the tests may run as root, who may write anywhere
    assert {fault.about for fault in failures(machine.disk(settings))} == {"IVR_STATE", "IVR_RECORDINGS"}


def test_a_folder_below_a_file_can_never_be_written(environment, tmp_path):
    (tmp_path / "file").touch()
    settings = Settings.from_environment({**environment, "IVR_STATE": str(tmp_path / "file/state")})
    assert {fault.about for fault in failures(machine.disk(settings))} == {"IVR_STATE", "IVR_RECORDINGS"}


def test_a_full_disk_is_told(settings, monkeypatch):
    monkeypatch.setattr(machine, "RESERVE", 1 << 60)
    assert {fault.about for fault in failures(machine.disk(settings))} == {"IVR_STATE", "IVR_RECORDINGS"}


def test_that_no_hotline_runs_is_no_fault(settings):
    (finding,) = hotline.engine(settings)
    assert finding.level is Level.OK


def test_a_hotline_without_its_engine_is_a_fault(settings):
    with alone(settings):
        (fault,) = failures(hotline.engine(settings))
    assert "does not answer" in fault.found


@pytest.mark.parametrize(("ok", "level"), [(True, Level.OK), (False, Level.FAIL)])
def test_a_running_engine_speaks_for_itself(settings, monkeypatch, ok, level):
    answer = {"ready": ok, "checks": [{"name": "asterisk", "ok": ok, "words": "no connection to Asterisk"}]}
    monkeypatch.setattr(Client, "find", lambda state, language: Client(Door("http://127.0.0.1:1", "", 1, 5060)))
    monkeypatch.setattr(Client, "status", lambda self, path: (200, answer))
    (finding,) = hotline.engine(settings)
    assert finding.level is level
    assert ("no connection" in finding.found) is not ok


def test_what_calls_do_without_is_a_warning_with_its_own_mend(settings, monkeypatch):
    check = {"name": "configuration", "ok": False, "words": "the configuration is broken", "vital": False}
    monkeypatch.setattr(Client, "find", lambda state, language: Client(Door("http://127.0.0.1:1", "", 1, 5060)))
    monkeypatch.setattr(Client, "status", lambda self, path: (200, {"ready": True, "checks": [check]}))
    (finding,) = hotline.engine(settings)
    assert (finding.level, "ivr check" in finding.mend) == (Level.WARN, True)


def test_a_clock_that_was_never_set_is_told(settings, monkeypatch):
    assert not failures(machine.clock(settings))
    monkeypatch.setattr(machine, "LONG_AGO", datetime.now(UTC) + timedelta(days=1))
    assert failures(machine.clock(settings))
