"""Where the vault's keys come from: the environment, a file, or one that is made at the first start."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path

from ivr.messages import Message, trouble
from ivr.tickets.vault import Key

MADE = "keys"
"""The file in IVR_STATE that holds keys of our own making."""


class KeyFault(Exception):
    """The keys cannot be used; the message says what to mend and shows none of them."""


def new_key() -> str:
    """A key as it is written in IVR_KEY and in key files."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def load_keys(state: Path, given: str | None = None, file: Path | None = None) -> list[Key]:
    """The keys of IVR_KEY (``given``), else of IVR_KEY_FILE (``file``), else of our own file, made when missing.

    Several are separated by white space or commas; the first seals, the others only open. Raises KeyFault.
    """
    if given:
        return _keys(given, "IVR_KEY")
    path = file or state / MADE
    try:
        if file is None and not path.exists():
            _make(path)
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFault(Message("key-file-unreadable", path=str(path), why=str(error))) from None
    return _keys(text, str(path))


def warning(state: Path, given: str | None = None, file: Path | None = None) -> Message | None:
    """What `ivr doctor` says of the keys; None when all is well."""
    if given:
        return None
    path = file or state / MADE
    if path.exists() and path.stat().st_mode & 0o077:
        return trouble(Message("keys-open", path=str(path)), Message("keys-open-mend", path=str(path)))
    if file is None and not path.exists():
        return None  # the first start makes it
    if file is None:
        return trouble(Message("keys-beside", path=str(path)), Message("keys-beside-mend"))
    return None


def _keys(text: str, source: str) -> list[Key]:
    try:
        keys = [Key(base64.b64decode(word, validate=True)) for word in text.replace(",", " ").split()]
    except (binascii.Error, ValueError):
        keys = []
    if not keys:
        raise KeyFault(Message("keys-wrong", source=source))
    return keys


def _make(path: Path) -> None:
    """Write a new key; of two processes that do so at once, the first wins and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(new_key() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
