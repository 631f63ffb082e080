"""What every event has."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, tag_field="type", tag=True, kw_only=True, omit_defaults=True):
    """One fact of a call. ``at``: seconds since 1970, UTC."""

    at: float
