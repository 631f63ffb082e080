"""What a SIP phone proves its password with: kept by the operators' records, checked by Asterisk."""

from __future__ import annotations

import hashlib

REALM = "kommutator"
"""The SIP digest realm. Passwords are kept with it in them: another one would make all of them invalid."""


def ha1(user: str, password: str) -> str:
    """MD5(user:realm:password), hexadecimal: the form in which SIP digest (RFC 8760) lets a password be kept."""
    return hashlib.md5(f"{user}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
