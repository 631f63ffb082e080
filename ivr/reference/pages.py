"""The reference of files, nodes and identifiers as Markdown: made from the forms, like the schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ivr.flow.registry import node_types
from ivr.identifiers.registry import identifiers
from ivr.reference.kinds import KINDS, Kind
from ivr.reference.schema import Schema, schema

PAGE = "docs/reference.md"
"""Where the page stands."""

_PATTERNS = {
    "[smh]$": "a length of time: 20s, 25m, 1h",
    "^[a-z][a-z0-9-]{0,63}$": "a name",
    "^[a-z]{2,3}$": "a language's code",
}
_TYPES = {"string": "words", "number": "a number", "integer": "a whole number", "array": "a list", "object": "keys"}
_COMMON = ("section", "category")
_HEAD = ("| key | what stands there | by default | meaning |", "| --- | --- | --- | --- |")


def page() -> str:
    """The whole page."""
    return "\n".join([*_preface(), *_files(), *_nodes(), *_identifiers()]) + "\n"


def _preface() -> Iterator[str]:
    yield "# Reference of the YAML files"
    yield ""
    yield "Made by `ivr docs --write` from the forms that the engine reads the files with."
    yield "How to use them is in [admin.md](admin.md)."
    yield "A key in bold must be there. A name has small Latin letters, digits and hyphens, a letter first."


def _files() -> Iterator[str]:
    for kind in KINDS.values():
        whole = schema(kind.name)
        yield from ("", f"## `{kind.files}`", "", *_table(whole, whole.get("$defs", {})))
        for name, part in _parts(kind, whole).items():
            yield from ("", f"### {name}", "", part.get("description", ""), "", *_table(part, whole["$defs"]))


def _parts(kind: Kind, whole: Schema) -> dict[str, Schema]:
    """What a file is made of, by a name for people; nodes have a chapter of their own."""
    parts = whole.get("$defs", {}).items()
    return {
        f"In `{kind.name}`: {name.removesuffix('Form').lower()}": part
        for name, part in parts
        if "properties" in part and name not in (*node_types(), "node") and not name.endswith("WithSlots")
    }


def _nodes() -> Iterator[str]:
    parts = schema("flow")["$defs"]
    yield from (
        "",
        "## Nodes",
        "",
        "A node's first key is its type. Each may also have `section` and `category`: what the call is about.",
    )
    for name, form in sorted(node_types().items()):
        said = " ".join((form.__doc__ or "").split()).replace("``", "`")
        own = {key: value for key, value in parts[name]["properties"].items() if key not in _COMMON}
        yield from ("", f"### `{name}`", "", said, "", *_table({**parts[name], "properties": own}, parts))


def _identifiers() -> Iterator[str]:
    yield from ("", "## Identifiers", "", "What `collect` takes, and `any-id`: whichever of them the caller has.", "")
    yield from ("| name | digits | read back in groups of |", "| --- | --- | --- |")
    for name, kind in sorted(identifiers().items()):
        lengths, groups = " or ".join(map(str, kind.lengths)), " ".join(map(str, kind.groups))
        yield f"| `{name}` | {lengths} | {groups} |"


def _table(part: Schema, parts: Schema) -> Iterator[str]:
    """The keys of a part; ``parts``: what it may refer to."""
    yield from _HEAD
    must = part.get("required", ())
    for key, given in part.get("properties", {}).items():
        value = {**parts.get(given.get("$ref", "").rpartition("/")[2], {}), **given}
        name = f"**`{key}`**" if key in must else f"`{key}`"
        default = f"`{value['default']}`" if "default" in value else ""
        yield f"| {name} | {_kind(value)} | {default} | {_cell(value.get('description', ''))} |"


def _kind(value: Any) -> str:
    """What may stand there, in words."""
    if "enum" in value:
        return "yes or no" if True in value["enum"] else ", ".join(f"`{each}`" for each in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_kind(each) for each in value["anyOf"]))
    known = (words for pattern, words in _PATTERNS.items() if value.get("pattern", "").endswith(pattern))
    return next(known, None) or _type(value)


def _type(value: Any) -> str:
    kind = value.get("type", "object")
    words = "words" if isinstance(kind, list) else _TYPES[kind]
    low, high = value.get("minimum"), value.get("maximum")
    return f"{words}, {low} to {high}" if low is not None and high is not None else words


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
