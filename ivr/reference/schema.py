"""JSON Schema 2020-12 of each kind of file, for editors that complete and check while a file is written.

A schema says what a YAML reader of today makes of the words (a bare 2 is a number there), which the engine's own loader
reads as text: so wherever a form takes text of any kind, a number passes as well. What a schema cannot say (that a node
exists, that a time zone does) is for ``ivr check``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from ivr.flow.model import FlowForm, Node
from ivr.flow.registry import node_types
from ivr.flowtest.form import CallForm, ExamplesForm
from ivr.flowtest.loading import EACH
from ivr.reference.kinds import KINDS
from ivr.reference.slots import WITH_SLOTS, repeated, slotted

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schemas"
"""Where the schemas stand in the configuration's folder: the files beside it name them in their first line."""

REF = "#/$defs/{model}"
CALL = CallForm.__name__
YES_OR_NO = ["yes", "no", True, False]

Schema = dict[str, Any]


def schema(kind: str) -> Schema:
    """The schema of one kind of file, by its name in KINDS."""
    return _whole(KINDS[kind].form)


def file_name(kind: str) -> str:
    """The schema's file in FOLDER."""
    return f"{kind}.json"


def _whole(form: type[BaseModel]) -> Schema:
    found = _of(form)
    defs: Schema = found.pop("$defs", {})
    if issubclass(form, FlowForm):
        found["properties"]["nodes"] |= {"additionalProperties": False, "patternProperties": _named_nodes(found)}
        defs["node"] = _node(node_types())
        defs |= _parts(node_types())
    if issubclass(form, ExamplesForm):
        found["properties"]["calls"]["additionalProperties"] = _call()
        parts = _parts({CALL: CallForm})
        defs |= parts | {name + WITH_SLOTS: slotted(part) for name, part in parts.items()}
        defs[CALL + WITH_SLOTS] = repeated(parts[CALL])
    return {"$schema": DIALECT, **found, **({"$defs": dict(sorted(defs.items()))} if defs else {})}


def _call() -> Schema:
    """An example call: one, or several at once by ``each``."""
    one, several = ({"$ref": REF.format(model=name)} for name in (CALL, CALL + WITH_SLOTS))
    return {"type": "object", "if": {"required": [EACH]}, "then": several, "else": one}


def _named_nodes(flow: Schema) -> Schema:
    """The pattern of a node's name, which leads to a node's own schema."""
    names = flow["properties"]["nodes"]["patternProperties"]
    return {pattern: {"$ref": REF.format(model="node")} for pattern in names}


def _node(types: Mapping[str, type[Node]]) -> Schema:
    """Any node: the key that names its type decides what else may stand there."""
    keys = {name: {"description": _said(types[name])} for name in sorted(types)}
    return {
        "type": "object",
        "description": "one step of a call; its first key says what it does",
        "properties": keys,
        "anyOf": [{"required": [name]} for name in keys],
        "allOf": [{"if": _is(name, types), "then": {"$ref": REF.format(model=name)}} for name in keys],
    }


def _is(name: str, types: Mapping[str, type[Node]]) -> Schema:
    """Whether a node is of this type, although some other type may have a key of the same name."""
    rivals = [other for other, form in sorted(types.items()) if other != name and name in _keys(form)]
    condition: Schema = {"required": [name]}
    if rivals:
        condition["not"] = {"anyOf": [{"required": [other]} for other in rivals]}
    return condition


def _keys(form: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in form.model_fields.items()}


def _parts(forms: Mapping[str, type[BaseModel]]) -> Schema:
    """The forms by name, with whatever they are made of."""
    parts: Schema = {}
    for name, form in forms.items():
        part = _of(form)
        parts |= part.pop("$defs", {})
        parts[name] = part
    return parts


def _of(form: type[BaseModel]) -> Schema:
    return form.model_json_schema(by_alias=True, ref_template=REF, schema_generator=_Words)


def _said(form: type[BaseModel]) -> str:
    """The first paragraph of a form's docstring, in one line and without marks."""
    return " ".join((form.__doc__ or "").split("\n\n")[0].split()).replace("``", "")


class _Words(GenerateJsonSchema):
    """As an admin writes: yes and no, lengths of time with their unit; no titles, which repeat the keys."""

    def generate(self, schema: Any, mode: JsonSchemaMode = "validation") -> Schema:
        tidied: Schema = _tidy(super().generate(schema, mode))
        return tidied

    def bool_schema(self, schema: Any) -> Schema:
        return {"enum": list(YES_OR_NO)}

    def str_schema(self, schema: Any) -> Schema:
        made = super().str_schema(schema)
        pattern = made.get("pattern")
        if pattern is None or any(re.search(pattern, number) for number in ("1", "12345678")):
            made["type"] = ["string", "number"]
        return made

    def nullable_schema(self, schema: Any) -> Schema:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _tidy(part: Any) -> Any:
    """Without what only a program needs; every key that no pattern allows is refused."""
    if isinstance(part, list):
        return [_tidy(each) for each in part]
    if not isinstance(part, dict):
        return part
    tidied = {key: _tidy(value) for key, value in part.items() if not _noise(key, value)}
    if "patternProperties" in tidied:
        tidied.setdefault("additionalProperties", False)
    if isinstance(tidied.get("description"), str):
        tidied["description"] = " ".join(tidied["description"].split()).replace("``", "")
    if "default" in tidied:
        tidied["default"] = _default(tidied)
    return tidied


def _noise(key: str, value: Any) -> bool:
    """Titles repeat the keys; an empty default says nothing; bounds in seconds are none of a length's words."""
    if key in ("gt", "ge", "le", "lt"):
        return isinstance(value, int | float)
    return (key == "title" and isinstance(value, str)) or (key == "default" and value in (None, "", {}, []))


def _default(part: Schema) -> Any:
    """A default as it would be written."""
    value = part["default"]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _length(value) if isinstance(value, float) else value


def _length(seconds: float) -> str:
    """In the largest unit that it is a whole number of."""
    unit, size = next(
        ((unit, size) for unit, size in (("h", 3600), ("m", 60)) if seconds and not seconds % size), ("s", 1)
    )
    return f"{seconds / size:g}{unit}"
