"""Example calls that are written once for several values: wherever a word may stand, a ``{slot}`` may stand as well."""

from __future__ import annotations

from typing import Any

from ivr.flowtest.loading import EACH

SLOT = r"\{[a-z][a-z0-9-]*\}"

WITH_SLOTS = "WithSlots"
"""Ends the name of a part in which slots may stand."""

Schema = dict[str, Any]

ROWS: Schema = {
    "description": "the values of each call, by slot: the call is made once with each of them",
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
}

_HELD = ("properties", "patternProperties")


def repeated(call: Schema) -> Schema:
    """An example call with its ``each``."""
    made: Schema = slotted(call)
    return {**made, "properties": {EACH: ROWS, **made["properties"]}, "required": [EACH, *made["required"]]}


def slotted(part: Any) -> Any:
    """The schema, with a slot allowed for each of its words and keys."""
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return {**part, "$ref": part["$ref"] + WITH_SLOTS}
    if "anyOf" in part:
        return {**part, "anyOf": [slotted(each) for each in part["anyOf"]]}
    if part.get("type") == "array":
        return {**part, "items": slotted(part["items"])}
    if part.get("type") == "object":
        return _object(part)
    told = {key: part[key] for key in ("description", "default") if key in part}
    return {**told, "anyOf": [{key: part[key] for key in part if key not in told}, {"type": "string", "pattern": SLOT}]}


def _object(part: Schema) -> Schema:
    held = {key: {name: slotted(each) for name, each in part[key].items()} for key in _HELD if key in part}
    anything: Schema = {SLOT: True}
    more = slotted(part.get("additionalProperties", True))
    return {
        **part,
        **held,
        "patternProperties": {**held.get("patternProperties", {}), **anything},
        "additionalProperties": more,
    }
