import pytest

from ivr.calllog.events import encode
from ivr.settings import Settings
from ivr.tickets.keys import KeyFault, load_keys, new_key, warning
from ivr.tickets.vault import Key, SealError, Vault

SNILS = "112-233-445 95"
OLD, NEW = Key(b"o" * 32), Key(b"n" * 32)


def test_what_was_sealed_is_opened_and_shown_nowhere():
    vault = Vault([NEW], clock=lambda: 1.0)  # a time of today may hold the digits looked for
    event = vault.seal("snils", SNILS)
    assert vault.open("snils", event.sealed) == "11223344595"
    assert event.masked == "*********95"
    for shown in (repr(event), repr(vault), encode(event).decode()):
        assert "11223344595" not in shown and "2233" not in shown


def test_equal_values_are_found_and_look_different():
    vault = Vault([NEW])
    first, second = vault.seal("snils", SNILS), vault.seal("snils", "11223344595")
    assert first.digest == second.digest in vault.digests("snils", SNILS)
    assert first.sealed != second.sealed
    assert vault.seal("inn", "11223344595").digest != first.digest


def test_keys_rotate():
    before = Vault([OLD]).seal("snils", SNILS)
    rotated = Vault([NEW, OLD])
    after = rotated.seal("snils", SNILS)
    assert rotated.open("snils", before.sealed) == rotated.open("snils", after.sealed)
    assert {before.digest, after.digest} == set(rotated.digests("snils", SNILS))
    with pytest.raises(SealError, match="which is not here: add it"):
        Vault([NEW]).open("snils", before.sealed)


def test_tampering_is_noticed():
    sealed = Vault([NEW]).seal("snils", SNILS).sealed
    for wrong in (sealed[:-6] + "AAAA==", sealed.replace("v1", "v2"), "", "v1.x", sealed + "!"):
        with pytest.raises(SealError):
            Vault([NEW]).open("snils", wrong)
    with pytest.raises(SealError):
        Vault([NEW]).open("inn", sealed)


def test_masks_show_little():
    vault = Vault([NEW])
    assert vault.seal("passport", "45 10 123456").masked == "********56"
    assert vault.seal("inn", "7707083893").masked == "*******893"


def test_keys_are_made_once_for_this_user_alone(tmp_path):
    first = load_keys(tmp_path)
    assert [key.id for key in load_keys(tmp_path)] == [key.id for key in first]
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]
    assert "back it up" in (warning(tmp_path) or "")
    (tmp_path / "keys").chmod(0o644)
    assert "chmod 600" in (warning(tmp_path) or "")


def test_keys_from_the_environment_and_a_file(tmp_path):
    one, two = new_key(), new_key()
    (tmp_path / "mine").write_text(f"{one}\n{two}\n")
    from_file = load_keys(tmp_path, None, tmp_path / "mine")
    assert [key.id for key in from_file] == [key.id for key in load_keys(tmp_path, f"{one},{two}")]
    assert not (tmp_path / "keys").exists()
    assert warning(tmp_path, given=one) is None


@pytest.mark.parametrize("wrong", ["abc", "c2hvcnQ=", "not base64 at all", ","])
def test_a_wrong_key_is_told_and_not_shown(tmp_path, wrong):
    with pytest.raises(KeyFault, match="IVR_KEY: give keys of 32 bytes") as caught:
        load_keys(tmp_path, wrong)
    assert wrong == "," or wrong not in str(caught.value)


def test_a_missing_key_file_is_told(tmp_path):
    with pytest.raises(KeyFault, match="none: the key file cannot be read"):
        load_keys(tmp_path, None, tmp_path / "none")


def test_settings_do_not_show_the_key():
    settings = Settings.from_environment({"IVR_KEY": "c2VjcmV0"})
    assert settings.key == "c2VjcmV0"
    assert "c2VjcmV0" not in repr(settings)
