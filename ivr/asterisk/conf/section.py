"""How a section of Asterisk's configuration is written: nothing that a value holds can become syntax."""

from __future__ import annotations

from collections.abc import Iterable

Pair = tuple[str, str | int]


def section(name: str, *pairs: Pair, arrow: bool = False, template: str = "") -> str:
    """``[name]`` and its ``key=value`` lines (``=>`` for objects). Raises ValueError for what could break out.

    ``template``: the section whose lines it has too; ``!``: this one is only that.
    """
    sign = " => " if arrow else "="
    lines = [
        f"[{_clean(name)}]" + (f"({_clean(template)})" if template else ""),
        *(f"{_clean(key)}{sign}{_clean(str(value))}" for key, value in pairs),
    ]
    return "\n".join(lines) + "\n\n"


def file(*sections: str) -> str:
    """A whole file."""
    return (
        "; Made by Kommutator at each start: change regions.yaml, dialplans/ or the IVR_ variables instead.\n\n"
        + "".join(sections)
    )


def lines(values: Iterable[str]) -> str:
    """Dialplan lines, one below the other."""
    return "".join(f"{_clean(value)}\n" for value in values) + "\n"


def _clean(text: str) -> str:
    if not text.isprintable() or (";" in text and "\\;" not in text):
        raise ValueError(f"cannot stand in Asterisk's configuration: {text!r}")
    return text
