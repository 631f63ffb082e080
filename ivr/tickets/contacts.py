"""An applicant's personal data on its way into a ticket: masked to be shown, sealed to be kept."""

from __future__ import annotations

from ivr.identifiers.registry import identifiers
from ivr.tickets.events import Contact, Given
from ivr.tickets.vault import Vault, normal


def given(vault: Vault, kind: str, value: str, *, at: float, by: str) -> Given:
    """An identifier, right in itself, in the form in which it is searched for. Raises KeyError: no such kind."""
    it = vault.seal(kind, identifiers()[kind].normal(normal(value)))
    return Given(at=at, by=by, kind=kind, masked=it.masked, sealed=it.sealed, digest=it.digest)


def contact(vault: Vault, kind: str, value: str, *, at: float, by: str) -> Contact:
    """A name, phone (E.164), e-mail or address; a phone is found by the digest that an identifier's has."""
    sealed, digest = vault.lock(kind, value)
    return Contact(at=at, by=by, kind=kind, masked=masked(kind, value), sealed=sealed, digest=digest)


def masked(kind: str, value: str) -> str:
    """What of it may be shown: initials, the last three digits, an e-mail's domain."""
    match kind:
        case "name":
            return " ".join(f"{word[0]}." for word in value.split())
        case "phone":
            return f"{'*' * max(0, len(value) - 3)}{value[-3:]}"
        case "e-mail":
            box, _, domain = value.partition("@")
            return f"{box[:1]}***@{domain}"
        case _:
            return "***"
