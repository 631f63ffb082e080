"""What is generated is read back by another reader of Asterisk's format: pyst2's."""

import os
import re
import socket
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from asterisk.config import Config

from ivr.asterisk import dialling
from ivr.asterisk.conf.modules import BROWSER, NEEDED
from ivr.asterisk.configuration import clear, write, write_operators
from ivr.asterisk.installation import Installation
from ivr.asterisk.site import OperatorPhone, Site, ami_secret
from ivr.settings import Settings

ANNA = OperatorPhone("anna", "0123456789abcdef" * 2)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    modules = tmp_path / "modules"
    modules.mkdir()
    for name in ("app_dial", "res_agi", "chan_pjsip", "cdr_csv"):
        (modules / f"{name}.so").touch()
    settings = Settings.from_environment({"IVR_STATE": str(tmp_path / "state"), "IVR_TRUNK": "203.0.113.0/28"})
    installation = Installation(("asterisk",), (22, 10, 1), modules, tmp_path, tmp_path / "moh", fetched=True)
    made = Site(settings, installation, ami_secret(settings), {"please-hold": "/sounds/hold"})
    write(made, [ANNA])
    return made


def read(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Sections as pyst2 reads them: it knows no #include, no template, and leaves its files to the collector."""
    plain = path.with_suffix(".plain")
    known = (line for line in path.read_text().splitlines(keepends=True) if not line.startswith("#include "))
    plain.write_text("".join(re.sub(r"^(\[.+\])\(.+\)$", r"\1", line) for line in known))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        categories = Config(str(plain)).categories
    sections: dict[str, list[tuple[str, str]]] = {}
    for category in categories:
        sections.setdefault(category.name, []).extend((item.name, item.value.strip()) for item in category.items)
    return sections


def test_only_modules_that_are_used_and_there_are_loaded(site: Site) -> None:
    loaded = read(site.etc / "modules.conf")["modules"]
    assert ("autoload", "no") in loaded
    assert {value for key, value in loaded if key == "load"} == {"app_dial.so", "res_agi.so", "chan_pjsip.so"}


def test_every_folder_is_ours_but_for_modules_and_sounds(site: Site) -> None:
    folders = dict(read(site.etc / "asterisk.conf")["directories"])
    foreign = {key for key, path in folders.items() if not Path(path).is_relative_to(site.settings.state)}
    assert foreign <= {"astmoddir", "astrundir"}


def test_asterisks_own_sounds_are_found_though_no_package_script_has_run(site: Site) -> None:
    voice = site.installation.data / "sounds/en_US_f_Allison"
    voice.mkdir(parents=True)
    write(site, [ANNA])
    assert (site.home / "var/sounds/en").resolve() == voice


APPLICATIONS = {
    "AGI": "res_agi",
    "Dial": "app_dial",
    "Echo": "app_echo",
    "ExecIf": "app_exec",
    "Gosub": "app_stack",
    "MusicOnHold": "res_musiconhold",
    "Playback": "app_playback",
    "Record": "app_record",
    "Return": "app_stack",
    "StoreDTMF": "app_dtmfstore",
    "TryExec": "app_exec",
    **dict.fromkeys(("Answer", "Goto", "GotoIf", "Hangup", "NoOp", "Set"), "pbx_config"),
}


def test_every_application_of_the_dialplan_has_its_module(site: Site) -> None:
    dialplan = (site.etc / "extensions.conf").read_text() + (site.etc / "extensions_operators.conf").read_text()
    names = set(re.findall(r"(?<=[,?])([A-Z]\w+)\(", dialplan) + re.findall(r"TryExec\((\w+)\(", dialplan))
    assert names >= {"AGI", "ExecIf", "Record", "StoreDTMF"}
    assert {APPLICATIONS[name] for name in names} <= set(NEEDED)


def test_operators_are_known_by_name_before_callers_are_by_address(site: Site) -> None:
    pjsip = read(site.etc / "pjsip.conf")
    assert ("endpoint_identifier_order", "auth_username,username,ip") in pjsip["global"]
    assert ("match", "203.0.113.0/28") in pjsip["kommutator-trunk"]


def test_an_operators_phone_has_a_hash_and_never_a_password(site: Site) -> None:
    anna = read(site.etc / "pjsip_operators.conf")["anna"]
    assert ("md5_cred", ANNA.ha1) in anna
    assert not [key for key, _ in anna if key == "password"]


def test_numbers_are_matched_digit_by_digit(site: Site) -> None:
    extensions = [value for key, value in read(site.etc / "extensions.conf")["from-trunk"] if key == "exten"]
    patterns = [value.split(",")[0] for value in extensions]
    assert len(patterns) == 40
    assert all(re.fullmatch(r"_\+?X+", pattern) for pattern in patterns)


def test_the_callers_number_is_filtered_before_the_engine_hears_of_it(site: Site) -> None:
    steps = [value for _, value in read(site.etc / "extensions.conf")["hotline"]]
    agi = next(n for n, step in enumerate(steps) if "AGI(" in step)
    filtered = max(n for n, step in enumerate(steps) if "Set(CALLER=" in step)
    taken = next(n for n, step in enumerate(steps) if "Set(CALLERID(num)=${CALLER})" in step)
    assert "FILTER(+0-9," in steps[filtered]
    assert filtered < taken < agi
    assert {"name", "ani", "dnid", "rdnis"} <= set(re.findall(r"CALLERID\((\w+)\)=", " ".join(steps[:agi])))


def test_the_engines_word_is_heeded_before_a_try_is_counted_and_a_healthy_while_forgets_tries(site: Site) -> None:
    steps = [value for _, value in read(site.etc / "extensions.conf")["hotline"]]
    at = [
        next(n for n, step in enumerate(steps) if part in step)
        for part in ("Set(HANDED=", "AGI(", "_DONE}", "_PEOPLE}", "> 20]?Set(TRY=0)", "Set(TRY=$[")
    ]
    assert at == list(range(at[0], at[0] + 6)), "in this order, one after another"
    assert steps[at[0] - 3].endswith("Set(KOMMUTATOR_TYPED=)"), "keys of a lost engine answer no question"
    assert 'n(engine),GotoIf($["${KOMMUTATOR_KEEPS}" != ""]?kept)' in steps[at[0] - 7], "kept anew after a conversation"
    assert "Set(TIMEOUT(response)=5)" in steps[at[0] - 2]
    assert "Set(TIMEOUT(digit)=3)" in steps[at[0] - 1], "what ivr.asterisk.asking counts upon, after a lost engine too"
    assert steps[at[3]].endswith('GotoIf($["${KOMMUTATOR_PEOPLE}" = "1"]?people)')


def test_keys_are_kept_nowhere_while_people_talk_with_an_engine_or_without(site: Site) -> None:
    hotline = [value for _, value in read(site.etc / "extensions.conf")["hotline"]]
    (everybody,) = (n for n, step in enumerate(hotline) if "Gosub(everybody,s,1)" in step)
    assert hotline[everybody - 1].endswith("Gosub(quiet,s,1)")
    quiet = [value for _, value in read(site.etc / "extensions.conf")["quiet"]]
    for part in ("TryExec(StoreDTMF(remove))", "Set(KOMMUTATOR_KEYED=)", "Set(KOMMUTATOR_TYPED=)"):
        assert any(step.endswith(part) for step in quiet), part
    assert "B(quiet^s^1)" in dialling.OPTIONS


def test_nothing_of_asterisk_is_reached_from_elsewhere(site: Site) -> None:
    manager = read(site.etc / "manager.conf")
    assert ("bindaddr", "127.0.0.1") in manager["general"]
    http = read(site.etc / "http.conf")["general"]
    assert {("bindaddr", "127.0.0.1"), ("enable_static", "no"), ("enable_status", "no")} <= set(http)
    rights = {right for key, value in manager["kommutator"] if key in ("read", "write") for right in value.split(",")}
    assert rights == {"system", "call", "dtmf", "reporting"}


@pytest.mark.parametrize("name", ["manager.conf", "pjsip_operators.conf"])
def test_secrets_are_for_their_owner_only(site: Site, name: str) -> None:
    assert (site.etc / name).stat().st_mode & 0o077 == 0


def test_conversations_are_for_their_owner_only(site: Site) -> None:
    assert site.settings.recordings.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("hostile", ["anna]\n[x", "7916", "", "kommutator-trunk", "a&PJSIP/trunk", "аня"])
def test_an_operators_id_cannot_become_configuration(site: Site, hostile: str) -> None:
    with pytest.raises(ValueError):
        write_operators(site.settings, [OperatorPhone(hostile, ANNA.ha1)])
    assert "anna" in read(site.etc / "pjsip_operators.conf")


def test_a_long_state_folder_does_not_break_the_control_socket(tmp_path: Path, site: Site) -> None:
    settings = Settings.from_environment({"IVR_STATE": str(tmp_path / ("long" * 30))})
    deep = Site(settings, site.installation, "s", {})
    assert len(str(deep.run / "asterisk.ctl")) < 108


def test_a_call_that_ends_while_everybody_is_rung_leaves_its_record_too(site: Site) -> None:
    assert "\nexten => h,1,Goto(hotline,h,1)\n" in (site.etc / "extensions_operators.conf").read_text()


def test_the_carrier_is_known_by_address_alone(site: Site) -> None:
    """Else whoever writes our endpoint's name as their number is let in from anywhere (seen)."""
    assert ("identify_by", "ip") in read(site.etc / "pjsip.conf")["kommutator-trunk"]


def test_an_event_is_let_through_by_its_own_name_only(site: Site) -> None:
    """A caller can write ``Event: Hangup`` into another event's text (seen)."""
    assert let_through(site, "Event: Hangup\r\nPrivilege: call,all\r\n")
    assert not let_through(site, "Event: HangupRequest\r\n")
    assert not let_through(site, "Event: Newchannel\r\nCallerIDNum: 7\r\nEvent: Hangup\r\n")


def test_a_key_is_told_of_calls_that_have_waited_to_music_only(site: Site) -> None:
    """Each event wakes the engine, which would look at what was pressed in a menu anyway."""
    assert let_through(site, "Event: DTMFEnd\r\nPrivilege: dtmf,all\r\nAccountCode: listening\r\nContext: hotline\r\n")
    assert not let_through(site, "Event: DTMFEnd\r\nPrivilege: dtmf,all\r\nAccountCode: \r\nContext: hotline\r\n")
    assert not let_through(site, "Event: DTMFBegin\r\nPrivilege: dtmf,all\r\nAccountCode: listening\r\n")


def let_through(site: Site, event: str) -> bool:
    """Whether Asterisk tells the engine. Its regular expressions' dots are line ends too (POSIX)."""
    filters = [value for key, value in read(site.etc / "manager.conf")["kommutator"] if key == "eventfilter"]
    return any(re.search(each, event, re.DOTALL) for each in filters)


@pytest.mark.parametrize(("bind", "address"), [("192.0.2.5", "192.0.2.5:5060"), ("::1", "[::1]:5060")])
def test_an_address_of_either_kind_is_listened_at(site: Site, bind: str, address: str) -> None:
    settings = Settings.from_environment({"IVR_STATE": str(site.settings.state), "IVR_BIND": bind})
    write(replace(site, settings=settings), [ANNA])
    pjsip, anna = read(site.etc / "pjsip.conf"), read(site.etc / "pjsip_operators.conf")["anna"]
    assert ("bind", address) in pjsip["udp"]
    assert ("media_address", bind) in pjsip["kommutator-trunk"]
    assert (("rtp_ipv6", "yes") in anna) == (":" in bind)


def test_at_every_address_sound_goes_to_one_that_the_machine_has(site: Site) -> None:
    settings = Settings.from_environment({"IVR_STATE": str(site.settings.state), "IVR_BIND": "0.0.0.0"})
    write(replace(site, settings=settings), [ANNA])
    given = dict(read(site.etc / "pjsip.conf")["kommutator-trunk"]).get("media_address")
    assert given != "0.0.0.0"
    if given is not None:  # a machine with a way out
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((given, 0))


def test_a_control_folder_of_another_users_is_not_used(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(PermissionError, match="another user"):
        write(site, [ANNA])


def test_nothing_stays_outside_the_state_folder(tmp_path: Path, site: Site) -> None:
    settings = Settings.from_environment({"IVR_STATE": str(tmp_path / ("long" * 30))})
    deep = Site(settings, site.installation, "s", {})
    write(deep, [])
    assert deep.run.is_dir()
    clear(deep)
    assert not deep.run.exists()
    clear(site)
    assert site.run.is_dir()


def test_a_phone_in_a_page_is_encrypted_and_keeps_no_password(site: Site) -> None:
    for name in (*BROWSER, "codec_opus_open_source", "res_format_attr_opus"):
        (site.installation.modules / f"{name}.so").touch()
    write(site, [replace(ANNA, browser=True)])
    template = dict(read(site.etc / "pjsip.conf")["kommutator-browser"])
    assert (template["webrtc"], template["allow"]) == ("yes", "opus,g722,alaw,ulaw")
    assert "[anna](kommutator-browser)" in (site.etc / "pjsip_operators.conf").read_text()
    assert {"codec_opus_open_source.so"} <= {value for _, value in read(site.etc / "modules.conf")["modules"]}


def test_only_in_development_a_page_may_call(site: Site) -> None:
    for name in BROWSER:
        (site.installation.modules / f"{name}.so").touch()
    for development in (True, False):
        write(replace(site, settings=replace(site.settings, development=development)), [])
        assert ("kommutator-caller" in read(site.etc / "pjsip.conf")) is development
        assert ("from-browser" in read(site.etc / "extensions.conf")) is development
