"""``any-id``: whichever identifier the caller has, told by its length and its check digits."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ivr.identifiers.registry import Identifier, identifiers

NAME = "any-id"


def names() -> tuple[str, ...]:
    """Everything that can be collected, by its YAML name."""
    return (*identifiers(), NAME)


@cache  # asked several times in each call
def candidates(name: str, *, requests: bool) -> tuple[Identifier, ...]:
    """What may be keyed where ``name`` is asked for; ``requests``: ``any-id`` may be a request's number as well."""
    known = identifiers()
    if name != NAME:
        return (known[name],)
    return tuple(known[each] for each in sorted(known) if requests or not known[each].request)


@cache
def lengths(kinds: tuple[Identifier, ...]) -> tuple[int, ...]:
    """Every number of digits that one of them has."""
    return tuple(sorted({length for kind in kinds for length in kind.lengths}))


def fitting(kinds: Iterable[Identifier], digits: str) -> tuple[Identifier, ...]:
    """Those that ``digits`` may be."""
    return tuple(kind for kind in kinds if len(digits) in kind.lengths and kind.check(digits))
