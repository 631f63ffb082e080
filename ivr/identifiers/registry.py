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
    and ``NAME-confirm`` (slot ``digits``). ``groups``: digits in each group read back. ``request``: it is the number
    of a request, which is looked up; otherwise it is personal and is sealed.
    """

    name: str
    lengths: tuple[int, ...]
    groups: tuple[int, ...]
    check: Callable[[str], bool]
    shown: int = 2
    request: bool = False

    def grouped(self, digits: str) -> tuple[str, ...]:
        """``digits`` in groups for reading back; what is left over makes the last group."""
        parts, rest = [], digits
        for size in self.groups:
            if rest:
                parts.append(rest[:size])
                rest = rest[size:]
        return (*parts, rest) if rest else tuple(parts)

    def mask(self, digits: str) -> str:
        """``digits`` fit to be shown: all but the last ``shown`` replaced by asterisks, in groups."""
        hidden = "*" * max(0, len(digits) - self.shown) + digits[max(0, len(digits) - self.shown) :]
        return " ".join(self.grouped(hidden))

    def prompts(self) -> dict[str, tuple[str, ...]]:
        """The names of its prompts, with their slots."""
        plain = {f"{self.name}-{word}": () for word in ("ask", "wrong-length", "wrong-check")}
        return {**plain, f"{self.name}-confirm": ("digits",)}


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
