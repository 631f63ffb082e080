"""The reference of files, nodes and identifiers as Markdown: made from the forms, like the schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ivr.descriptions import Description
from ivr.flow.registry import node_types
from ivr.identifiers.registry import identifiers
from ivr.messages import Message
from ivr.reference.kinds import KINDS, Kind
from ivr.reference.schema import Schema, schema

PAGES = {"en": "docs/reference.md", "ru": "docs/reference.ru.md"}
"""Where the page stands in each language."""

_PATTERNS = {
    "[smh]$": Message("type-length"),
    "^[a-z][a-z0-9-]{0,63}$": Message("type-name"),
    "^[a-z]{2,3}$": Message("type-language"),
}
_TYPES = {
    "string": Message("type-words"),
    "number": Message("type-number"),
    "integer": Message("type-whole-number"),
    "array": Message("type-list"),
    "object": Message("type-keys"),
}
_COMMON = ("section", "category")


def page(language: str) -> str:
    """The whole page."""
    return "\n".join(_Page(language).lines()) + "\n"


class _Page:
    """The page in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def lines(self) -> Iterator[str]:
        """From top to bottom."""
        yield from self._say("reference-preface").splitlines()
        yield from self._files()
        yield from self._nodes()
        yield from self._identifiers()

    def _say(self, key: str, **values: str) -> str:
        return Message(key, **values).told(self._language)

    def _described(self, words: str) -> str:
        return Description(words).told(self._language)

    def _files(self) -> Iterator[str]:
        for kind in KINDS.values():
            whole = schema(kind.name)
            yield from ("", f"## `{kind.files}`", "", *self._table(whole, whole.get("$defs", {})))
            for name, part in self._parts(kind, whole).items():
                about = self._described(part.get("description", ""))
                yield from ("", f"### {name}", "", about, "", *self._table(part, whole["$defs"]))

    def _parts(self, kind: Kind, whole: Schema) -> dict[str, Schema]:
        """What a file is made of, by a name for people; nodes have a chapter of their own."""
        parts = whole.get("$defs", {}).items()
        return {
            self._say("reference-part", kind=kind.name, part=name.removesuffix("Form").lower()): part
            for name, part in parts
            if "properties" in part and name not in (*node_types(), "node") and not name.endswith("WithSlots")
        }

    def _nodes(self) -> Iterator[str]:
        parts = schema("flow")["$defs"]
        yield from ("", *self._say("reference-nodes").splitlines())
        for name, form in sorted(node_types().items()):
            said = self._described(" ".join((form.__doc__ or "").split()).replace("``", "`"))
            own = {key: value for key, value in parts[name]["properties"].items() if key not in _COMMON}
            yield from ("", f"### `{name}`", "", said, "", *self._table({**parts[name], "properties": own}, parts))

    def _identifiers(self) -> Iterator[str]:
        yield from ("", *self._say("reference-identifiers").splitlines())
        for name, kind in sorted(identifiers().items()):
            lengths, groups = self._either(map(str, kind.lengths)), " ".join(map(str, kind.groups))
            yield f"| `{name}` | {lengths} | {groups} |"

    def _table(self, part: Schema, parts: Schema) -> Iterator[str]:
        """The keys of a part; ``parts``: what it may refer to."""
        yield from self._say("reference-heading").splitlines()
        must = part.get("required", ())
        for key, given in part.get("properties", {}).items():
            value = {**parts.get(given.get("$ref", "").rpartition("/")[2], {}), **given}
            name = f"**`{key}`**" if key in must else f"`{key}`"
            default = f"`{value['default']}`" if "default" in value else ""
            about = self._described(value.get("description", "")).replace("|", "\\|")
            yield f"| {name} | {self._kind(value)} | {default} | {about} |"

    def _kind(self, value: Any) -> str:
        """What may stand there, in words."""
        if "enum" in value:
            both = True in value["enum"]
            return self._say("type-yes-or-no") if both else ", ".join(f"`{each}`" for each in value["enum"])
        if "const" in value:
            return f"`{value['const']}`"
        if "anyOf" in value:
            return self._either(self._kind(each) for each in value["anyOf"])
        known = (words for pattern, words in _PATTERNS.items() if value.get("pattern", "").endswith(pattern))
        found = next(known, None)
        return found.told(self._language) if found is not None else self._type(value)

    def _type(self, value: Any) -> str:
        kind = value.get("type", "object")
        words = _TYPES["string" if isinstance(kind, list) else kind].told(self._language)
        low, high = value.get("minimum"), value.get("maximum")
        return self._say("type-between", type=words, low=low, high=high) if None not in (low, high) else words

    def _either(self, words: Iterable[str]) -> str:
        return f" {self._say('type-or')} ".join(dict.fromkeys(words))
