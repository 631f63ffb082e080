"""Who may do what: each route declares its roles as one of these sets, or as PUBLIC."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a token's bearer is."""

    OPERATOR = "operator"
    SENIOR = "senior"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"
    SERVICE = "service"


Roles = frozenset[Role]

PUBLIC: Roles = frozenset()
"""No token: health only, with nothing in it about anybody."""

STAFF: Roles = frozenset({Role.OPERATOR, Role.SENIOR, Role.SUPERVISOR, Role.ADMIN})
READERS: Roles = frozenset(Role)
LEADERS: Roles = frozenset({Role.SUPERVISOR, Role.ADMIN})
WATCHERS: Roles = LEADERS | {Role.SENIOR, Role.AUDITOR, Role.SERVICE}
ADMINS: Roles = frozenset({Role.ADMIN})

SEES_PHONE: Roles = STAFF | {Role.AUDITOR}
"""Who is shown a caller's number whole: those who call back, check or mend. A service gets it masked."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a name for the history (never a token), and a role. ``user``: their id, "" for a program's token."""

    name: str
    role: Role
    user: str = ""
