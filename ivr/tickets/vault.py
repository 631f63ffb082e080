"""Seals personal identifiers: encrypted to be kept, hashed with a key to be found, masked to be shown."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.calllog.events import Identified
from ivr.identifiers.registry import identifiers

_NONCE = 12


class SealError(ValueError):
    """A sealed value cannot be opened: its key is not among ours, or it was tampered with. Holds no value."""


class Key:
    """32 secret bytes, and what is derived of them. Its id is a hash, so that keys need no names."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 32:
            raise ValueError("a key has 32 bytes")
        self.id = hashlib.sha256(b"kommutator key id" + secret).hexdigest()[:8]
        self._cipher = AESGCM(_derive(secret, b"seal"))
        self._mac = _derive(secret, b"digest")

    def encrypt(self, kind: str, value: str) -> bytes:
        """A random nonce and the ciphertext, bound to ``kind``."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, value.encode(), kind.encode())

    def decrypt(self, kind: str, box: bytes) -> str:
        """The value. Raises cryptography's InvalidTag."""
        return self._cipher.decrypt(box[:_NONCE], box[_NONCE:], kind.encode()).decode()

    def digest(self, kind: str, value: str) -> str:
        """HMAC-SHA256 of kind and value: equal for equal ones, and nothing can be guessed from it without the key."""
        return hmac.digest(self._mac, f"{kind}\0{value}".encode(), "sha256").hex()

    def __repr__(self) -> str:
        return f"Key({self.id})"


class Vault:
    """Seals with the first of ``keys`` and opens with any: a new first key rotates. Implements ivr.call.Vault."""

    def __init__(self, keys: Sequence[Key], clock: Callable[[], float] = time.time) -> None:
        if not keys:
            raise ValueError("a vault needs a key")
        self._keys = tuple(keys)
        self._clock = clock

    def seal(self, kind: str, value: str) -> Identified:
        """The event of a caller giving ``value``; spaces and hyphens do not count. Raises KeyError: no such kind."""
        plain = normal(value)
        masked = identifiers()[kind].mask(plain)
        sealed, digest = self.lock(kind, plain)
        return Identified(at=self._clock(), kind=kind, masked=masked, sealed=sealed, digest=digest)

    def lock(self, kind: str, value: str) -> tuple[str, str]:
        """``value`` of any kind, encrypted as it is written, and the digest by which it is found."""
        key = self._keys[0]
        box = base64.urlsafe_b64encode(key.encrypt(kind, value)).decode()
        return f"v1.{key.id}.{box}", key.digest(kind, normal(value))

    def open(self, kind: str, sealed: str) -> str:
        """The value in the clear: for a reveal that is audited. Raises SealError."""
        version, _, rest = sealed.partition(".")
        key_id, _, box = rest.partition(".")
        key = next((key for key in self._keys if key.id == key_id), None)
        if version != "v1" or key is None:
            raise SealError(f"sealed with key {key_id!r}, which is not here: add it to IVR_KEY or IVR_KEY_FILE")
        try:
            return key.decrypt(kind, base64.b64decode(box, altchars=b"-_", validate=True))
        except (InvalidTag, ValueError):
            raise SealError("the sealed value is damaged, or belongs to another kind") from None

    def digests(self, kind: str, value: str) -> list[str]:
        """What to search for: the value's digest under every key, the newest first."""
        return [key.digest(kind, normal(value)) for key in self._keys]

    def __repr__(self) -> str:
        return f"Vault({', '.join(key.id for key in self._keys)})"


def normal(value: str) -> str:
    """The value as it is compared: without spaces and hyphens, in lower case."""
    return "".join(value.split()).replace("-", "").lower()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"kommutator " + purpose).derive(secret)
