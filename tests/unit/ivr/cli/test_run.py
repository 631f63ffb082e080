"""``ivr run``: what it says before, when and instead of running."""

import re
import shlex
import socket
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.asterisk.conf.pjsip import OPERATORS_FILE
from ivr.asterisk.installation import Installation
from ivr.asterisk.site import OperatorPhone, Site
from ivr.cli import Refusal, app
from ivr.cli import run as _run
from ivr.cli import setup as _setup  # noqa: F401
from ivr.cli.banner import banner
from ivr.cli.operator_output import phone_settings
from ivr.messages import told
from ivr.prompts.catalogue import PromptError
from ivr.prompts.rendered import Index, Rendered, Sound
from ivr.settings import PROJECT, VARIABLES, Settings
from ivr.startup import StartError, alone, check_folders, install, prepare
from tests.ports import free


def site(tmp_path: Path, **env: str) -> Site:
    settings = Settings.from_environment({"IVR_STATE": str(tmp_path), **env})
    installation = Installation(("asterisk",), (22, 10, 1), tmp_path, tmp_path, tmp_path, fetched=True)
    return Site(settings, installation, "secret", {})


def refused(**env: str) -> str:
    result = CliRunner(env=env).invoke(app, ["run"])
    assert isinstance(result.exception, Refusal), result.output
    return str(result.exception)


@pytest.fixture(autouse=True)
def no_logging_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the process's, and this is not its process."""
    monkeypatch.setattr(_run, "configure", lambda: None)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    names = ("IVR_SIP_PORT", "IVR_HTTP_PORT", "IVR_AGI_PORT", "IVR_AMI_PORT", "IVR_WS_PORT")
    ports = dict(zip(names, map(str, free(5)), strict=True))
    return {"IVR_STATE": str(tmp_path / "state"), "IVR_CONFIG": str(PROJECT), **ports}


def test_its_help_lists_every_variable_with_its_default() -> None:
    said = CliRunner().invoke(app, ["run", "--help"]).output
    for name, (default, _) in VARIABLES.items():
        assert re.search(rf"{name}\s+{re.escape(default)}:", said), name


@pytest.mark.parametrize(
    ("bind", "address"), [("127.0.0.1", "@127.0.0.1:5060"), ("::1", "@[::1]:5060"), ("0.0.0.0", "@THIS-MACHINE:5060")]
)
def test_what_it_prints_can_be_dialled(tmp_path: Path, bind: str, address: str) -> None:
    assert f"sip:88005553535{address}\n" in banner(site(tmp_path, IVR_BIND=bind), 1.0)


def test_its_commands_can_be_pasted_though_the_folder_has_a_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/home/a b/Горячая линия/.venv/bin/ivr", "run"])
    monkeypatch.setenv("IVR_STATE", "/srv/моя линия")
    said = banner(site(tmp_path), 1.0) + phone_settings(site(tmp_path).settings, 5060, "anna")
    pasted = [line[line.index("IVR_STATE=") :] for line in said.splitlines() if "IVR_STATE=" in line]
    assert len(pasted) == 5
    for line in pasted:
        assert shlex.split(line)[:2] == ["IVR_STATE=/srv/моя линия", "/home/a b/Горячая линия/.venv/bin/ivr"]


def test_every_port_that_is_taken_is_told_at_once(environment: dict[str, str]) -> None:
    with (
        socket.create_server(("127.0.0.1", int(environment["IVR_HTTP_PORT"]))),
        socket.create_server(("127.0.0.1", int(environment["IVR_AGI_PORT"]))),
    ):
        words = refused(**environment)
    assert "IVR_HTTP_PORT" in words and "IVR_AGI_PORT" in words


def test_what_keeps_it_from_starting_is_told_in_russian_too(environment: dict[str, str]) -> None:
    with alone(Settings.from_environment(environment)):
        result = CliRunner(env=environment | {"IVR_SIPPORT": "1"}).invoke(app, ["run", "--language", "ru"])
    assert "переменной IVR_SIPPORT у горячей линии нет: возможно, имелось в виду «IVR_SIP_PORT»" in result.output
    assert isinstance(result.exception, Refusal)
    assert "горячая линия уже работает: остановите её" in told(result.exception.message, "ru")


def test_a_folder_that_cannot_be_used_is_told_with_the_variable_to_set(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    words = refused(**environment | {"IVR_STATE": str(tmp_path / "file")})
    assert str(tmp_path / "file") in words and "set IVR_STATE" in words


def test_a_slip_in_a_variables_name_is_told(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environment["IVR_HTTP_PORT"]))):
        result = CliRunner(env=environment | {"IVR_SIPPORT": "5070"}).invoke(app, ["run"])
    assert "IVR_SIPPORT is no variable of the hotline's: did you mean 'IVR_SIP_PORT'?" in result.output


def test_ctrl_c_while_it_is_set_up_is_no_traceback(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ivr.startup.install", interrupted)
    assert "stopped before it was ready" in refused(**environment)


def test_a_broken_configuration_with_no_good_one_before_it_is_told_whole(
    environment: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "config"
    (config / "dialplans").mkdir(parents=True)
    (config / "regions.yaml").write_text("lines: {moscow: {numbers: [1]}}\n")
    words = refused(**environment | {"IVR_CONFIG": str(config)})
    assert "regions.yaml:1" in words
    assert "queues.yaml" in words


def test_keys_that_cannot_be_used_are_told_before_anything_runs(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ivr.startup.install", lambda *_, **__: site(tmp_path).installation)
    words = refused(**environment, IVR_KEY="too-short")
    assert "IVR_KEY" in words
    assert "too-short" not in words


def test_a_database_that_is_away_keeps_no_hotline_from_starting(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def phones(settings, progress):
        return [OperatorPhone("anna", "0" * 32)]

    monkeypatch.setattr("ivr.startup.install", lambda *_, **__: site(tmp_path).installation)
    settings = Settings.from_environment(environment)
    with monkeypatch.context() as patched:
        patched.setattr("ivr.startup._migrated", phones)
        made = prepare(settings, lambda words: None)
    away = Settings.from_environment(
        environment | {"IVR_DATABASE_URL": f"postgresql+asyncpg://ivr:secret@127.0.0.1:{free(1)[0]}/ivr"}
    )
    said: list[str] = []
    prepare(away, said.append)
    assert "does not answer" in said[-1]
    assert "[anna]" in (made.etc / OPERATORS_FILE).read_text(), "her phone stays known"


def conditions(**ok: bool) -> dict[str, object]:
    checks = [{"name": name, "ok": each, "words": f"{name}'s words", "vital": True} for name, each in ok.items()]
    return {"ready": all(ok.values()), "checks": checks}


@pytest.mark.parametrize(
    ("readiness", "told"),
    [
        (conditions(asterisk=True, database=True), []),
        (conditions(asterisk=True, database=False), ["database: database's words"]),
        (conditions(asterisk=False, database=False), None),
        (None, None),
        ({"detail": "another program"}, None),
    ],
)
def test_calls_are_said_to_be_served_when_they_are_with_what_is_wrong_nevertheless(
    readiness: object, told: list[str] | None
) -> None:
    assert _run.troubles(readiness) == told


def test_one_hotline_for_one_folder(environment: dict[str, str]) -> None:
    settings = Settings.from_environment(environment)
    with alone(settings):
        assert "IVR_STATE" in refused(**environment)
    with alone(settings):
        pass  # a lock that was let go of can be had again


@pytest.mark.parametrize("letter", [",", ";", "&", "|", "${", "\n", '"'])
def test_a_folder_that_a_dialplan_would_misread_is_refused_by_its_variable(tmp_path: Path, letter: str) -> None:
    with pytest.raises(StartError, match="IVR_STATE"):
        check_folders(Settings.from_environment({"IVR_STATE": f"{tmp_path}/a{letter}b"}))
    with pytest.raises(StartError, match="IVR_RECORDINGS"):
        check_folders(Settings.from_environment({"IVR_RECORDINGS": f"{tmp_path}/a{letter}b"}))


def test_spaces_and_cyrillic_in_a_folder_are_fine(tmp_path: Path) -> None:
    check_folders(Settings.from_environment({"IVR_STATE": f"{tmp_path}/Моя линия"}))


def test_setup_tells_each_long_step(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def find(*, mirror, progress):
        progress("asterisk: downloading …")
        return Installation(("asterisk",), (22,), Path("/"), Path("/"), Path("/"), fetched=True)

    def prepared(music, progress):
        progress("music on hold: 5 pieces …")
        return music

    monkeypatch.setattr("ivr.startup.find", find)
    monkeypatch.setattr("ivr.startup.prepared", prepared)
    monkeypatch.setattr("ivr.startup.render", lambda settings, progress: progress("ru: 1 of 2 sounds …"))
    result = CliRunner(env=environment).invoke(app, ["setup"])
    assert result.output == "asterisk: downloading …\nmusic on hold: 5 pieces …\nru: 1 of 2 sounds …\n"


def test_one_bad_text_is_told_and_keeps_no_hotline_from_starting(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    prompts = tmp_path / "config/recordings/prompts/ru"
    prompts.mkdir(parents=True)
    (prompts / "welcome.txt").write_text("Здравствуйте!")
    (prompts / "main.txt").write_text("Нажмите {")
    settings = Settings.from_environment(environment | {"IVR_CONFIG": str(tmp_path / "config")})
    monkeypatch.setattr("ivr.startup.find", lambda **_: site(tmp_path).installation)
    monkeypatch.setattr("ivr.startup.prepared", lambda music, progress: music)
    with pytest.raises(PromptError, match=r"main\.txt"):
        install(settings, print, strict=False)  # nothing at all could be said
    sounds = settings.state / "prompts"
    (sounds / "ru").mkdir(parents=True)
    Rendered(sounds).write("ru", Index(pieces={"Здравствуйте!": Sound("hello", 1.0)}))
    said: list[str] = []
    install(settings, said.append, strict=False)
    assert "main.txt" in said[-1]
    with pytest.raises(PromptError):
        install(settings, print)  # whoever asked for the prompts is to know
