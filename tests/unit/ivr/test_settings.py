"""What the environment says, and what it cannot say."""

import re
from pathlib import Path

import pytest

from ivr.messages import preferred
from ivr.settings import PROJECT, VARIABLES, Settings, SettingsError


def given(**env: str) -> Settings:
    return Settings.from_environment(env)


def test_a_fresh_clone_needs_no_variable() -> None:
    settings = given()
    assert (settings.bind, settings.sip_port, settings.http_port) == ("127.0.0.1", 5060, 8080)
    assert settings.state == PROJECT / "state"
    assert settings.recordings == PROJECT / "recordings/calls"


@pytest.mark.parametrize(
    ("bind", "http"), [("127.0.0.1", "127.0.0.1"), ("127.0.0.2", "127.0.0.2"), ("::1", "::1"), ("0.0.0.0", "127.0.0.1")]
)
def test_the_api_stays_on_this_machine_unless_it_is_told_otherwise(bind: str, http: str) -> None:
    assert given(IVR_BIND=bind).http_bind == http
    assert given(IVR_BIND=bind, IVR_HTTP_BIND="192.0.2.5").http_bind == "192.0.2.5"


@pytest.mark.parametrize(
    ("env", "development"),
    [
        ({}, True),
        ({"IVR_BIND": "0.0.0.0"}, False),
        ({"IVR_HTTP_BIND": "192.0.2.5"}, False),
        ({"IVR_MODE": "production"}, False),
        ({"IVR_MODE": "development", "IVR_BIND": "::1"}, True),
    ],
)
def test_only_this_machine_may_be_in_development(env: dict[str, str], development: bool) -> None:
    assert given(**env).development is development


@pytest.mark.parametrize("env", [{"IVR_MODE": "test"}, {"IVR_MODE": "development", "IVR_BIND": "0.0.0.0"}])
def test_another_mode_is_refused(env: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="IVR_MODE"):
        given(**env)


def test_all_that_is_written_goes_below_the_state_folder(tmp_path: Path) -> None:
    settings = given(IVR_STATE=str(tmp_path))
    assert settings.recordings.is_relative_to(tmp_path)
    assert str(tmp_path) in settings.database_url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IVR_BIND", "localhost"),
        ("IVR_HTTP_BIND", "*"),
        ("IVR_SIP_PORT", "0"),
        ("IVR_SIP_PORT", "５０６０"),
        ("IVR_HTTP_PORT", "65536"),
        ("IVR_RTP_PORTS", "10000"),
        ("IVR_RTP_PORTS", "20000-10000"),
        ("IVR_TRUNK", "carrier.example"),
        ("IVR_DATABASE_URL", "mysql://x"),
        ("IVR_REDIS_URL", "127.0.0.1:6379"),
        ("IVR_REDIS_URL", "redis://:password@host:99999/0"),
        ("IVR_REDIS_URL", "redis://:6379/0"),
        ("IVR_REDIS_URL", "redis://[::1"),
        ("IVR_ENGINE", "a:b"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        given(**{name: value})


def test_keys_and_passwords_are_in_no_repr() -> None:
    assert "c2VjcmV0" not in repr(given(IVR_KEY="c2VjcmV0"))
    assert "c2VjcmV0" not in repr(given(IVR_REDIS_URL="rediss://ivr:c2VjcmV0@redis.example:6379/0"))
    with pytest.raises(SettingsError) as refused:
        given(IVR_REDIS_URL="http://ivr:c2VjcmV0@redis.example")
    assert "c2VjcmV0" not in str(refused.value)


def test_every_variable_has_a_default_and_a_meaning() -> None:
    assert all(name.startswith("IVR_") and default and what for name, (default, what) in VARIABLES.items())


class Asked(dict[str, str]):
    """An empty environment that notes what was looked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.names.add(name)
        return default


def test_the_table_lists_every_variable_that_is_read_and_no_other() -> None:
    asked = Asked()
    Settings.from_environment(asked)
    languages = Asked()
    preferred(languages)
    assert asked.names | {name for name in languages.names if name.startswith("IVR_")} == set(VARIABLES)


def test_the_default_that_the_table_tells_is_the_one_that_holds() -> None:
    assert given() == given(**{name: VARIABLES[name][0] for name in VARIABLES if name not in TOLD_IN_WORDS})


TOLD_IN_WORDS = {
    "IVR_STATE", "IVR_DATABASE_URL", "IVR_KEY", "IVR_KEY_FILE", "IVR_CARRIER", "IVR_CONFIG", "IVR_RECORDINGS",
    "IVR_LANGUAGE", "IVR_DEBIAN_MIRROR", "IVR_REDIS_URL", "IVR_ENGINE", "IVR_MODE",
}  # fmt: skip


@pytest.mark.parametrize("page", ["README.md", "README.ru.md", "docs/operations.md", "docs/operations.ru.md"])
def test_no_page_tells_of_a_variable_that_there_is_not(page: str) -> None:
    named = set(re.findall(r"\bIVR_[A-Z_]+[A-Z]", (PROJECT / page).read_text()))
    assert named <= set(VARIABLES)
