"""What an identifier is; a file of this package registers its own."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Identifier:
    """How one kind of identifier is keyed, checked, read back and shown.

    ``name`` is its YAML name and begins its prompts' names: ``NAME-ask``, ``NAME-wrong-length``, ``NAME-wrong-check``
    and ``NAME-confirm`` (slot ``digits``); ``NAME-name`` is what it is called where ``any-id`` asks which it is.
    ``shown``: how many of the last digits may be shown to whoever sees the call.
    ``groups``: digits in each group read back, from the first digit on or, ``from_end``, up to the last.
    ``request``: it is the number of a request, which is looked up; otherwise it is personal and is sealed, in the
    form that ``normal`` gives it.
    """

    name: str
    lengths: tuple[int, ...]
    groups: tuple[int, ...]
    check: Callable[[str], bool]
    shown: int = 2
    request: bool = False
    from_end: bool = False
    normal: Callable[[str], str] = str

    def grouped(self, digits: str) -> tuple[str, ...]:
        """``digits`` in groups for reading back; what is left over makes a group of its own, at the other end."""
        if self.from_end:
            left = max(0, len(digits) - sum(self.groups))
            return (digits[:left], *_split(digits[left:], self.groups)) if left else _split(digits, self.groups)
        return _split(digits, self.groups)

    def mask(self, digits: str) -> str:
        """``digits`` fit to be shown and kept: all but the last ``shown`` replaced by asterisks."""
        hidden = max(0, len(digits) - self.shown)
        return "*" * hidden + digits[hidden:]


def _split(digits: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    parts, rest = [], digits
    for size in sizes:
        if rest:
            parts.append(rest[:size])
            rest = rest[size:]
    return (*parts, rest) if rest else tuple(parts)


_identifiers: dict[str, Identifier] = {}


def register(identifier: Identifier) -> Identifier:
    """Make an identifier known under its name."""
    if _identifiers.setdefault(identifier.name, identifier) != identifier:
        raise ValueError(f"two identifiers are called {identifier.name!r}")
    return identifier


@cache
def identifiers() -> Mapping[str, Identifier]:
    """Every identifier by its YAML name."""
    package = importlib.import_module("ivr.identifiers")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return MappingProxyType(_identifiers)
