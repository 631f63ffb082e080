"""What a look at the hotline finds, and what mends it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: ``fail`` keeps calls from being served."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``mend``: what to do, "" when nothing is."""

    about: str
    level: Level
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        """Every field by its name, for JSON."""
        return asdict(self)
