"""From plain data to a form, every fault of it told at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ivr.flow.loader import Path, Source
from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.twisted import BOOLEANS

AnyForm = TypeVar("AnyForm", bound=BaseModel)

_WORDS: dict[str, tuple[str, str]] = {
    "string_pattern_mismatch": ("this is no name", "use small Latin letters, digits and hyphens, a letter first"),
    "string_type": ("one word is expected here", "write one word, in quotes if it has brackets or commas"),
    "int_parsing": ("a whole number is expected here", "write digits"),
    "int_type": ("a whole number is expected here", "write digits"),
    "int_from_float": ("a whole number is expected here", "write digits"),
    "bool_parsing": ("yes or no is expected here", "write yes or no"),
    "bool_type": ("yes or no is expected here", "write yes or no"),
    "float_parsing": ("a number is expected here", "write digits"),
    "list_type": ("a list is expected here", "write it in square brackets: [ru, tt, en]"),
    "dict_type": ("keys with values are expected here", "write 'key: value' lines, indented, or {{key: value}}"),
    "less_than_equal": ("the most is {le}", "write a number up to {le}"),
    "greater_than_equal": ("the least is {ge}", "write a number from {ge} up"),
    "greater_than": ("it must be more than {gt}", "write a greater number"),
    "too_short": ("too few stand here", "write at least {min_length}"),
    "too_long": ("too many stand here: {actual_length}", "write at most {max_length}"),
    "literal_error": ("a word that is not known here", "use one of: {expected}"),
    "model_type": ("keys with values are expected here", "write 'key: value' lines, indented, or {{key: value}}"),
}


def read_form(form: type[AnyForm], source: Source, path: Path = ()) -> tuple[AnyForm | None, list[Problem]]:
    """The form of the data at ``path``, or None and every problem that it has."""
    try:
        read = form.model_validate(value_at(source.data, path))
    except ValidationError as error:
        return None, [_problem(form, source, path, fault) for fault in error.errors(include_url=False)]
    return read, list(_read_otherwise(read, source, path))


def _read_otherwise(read: BaseModel, source: Source, path: Path) -> Iterator[Problem]:
    """Bare words that another program, or another day's reader, takes for something else than this form has."""
    for where, reading in source.twisted.items():
        if where[: len(path)] != path or _untouched(read, source, path, where):
            continue
        word, value = value_at(source.data, where), _value(read, where[len(path) :])
        if isinstance(value, bool) and word.lower() in BOOLEANS:
            continue
        mend = (
            f"write it in plain digits: {value:g}" if isinstance(value, int | float) else f"put it in quotes: '{word}'"
        )
        yield source.problem(where, f"other programs read this as {reading}", mend)


def _untouched(read: BaseModel, source: Source, path: Path, where: Path) -> bool:
    """Whether the word stands in a part that this form leaves to another one."""
    inner = (where[:length] for length in range(len(path) + 1, len(where)))
    return any(_value(read, part[len(path) :]) is value_at(source.data, part) for part in inner)


def _value(read: Any, path: Path) -> Any:
    """What the form has made of the value at ``path``; None where it has put it elsewhere."""
    for part in path:
        if isinstance(read, BaseModel):
            names = {field.alias or name: name for name, field in type(read).model_fields.items()}
            read = getattr(read, names.get(str(part), ""), None)
        else:
            read = value_at(read, (part,))
    return read


def value_at(data: Any, path: Path) -> Any:
    """What stands at ``path``; None where there is nothing."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def known_keys(form: type[BaseModel]) -> list[str]:
    """The YAML keys of a form."""
    return [field.alias or name for name, field in form.model_fields.items()]


def _problem(form: type[BaseModel], source: Source, path: Path, fault: Mapping[str, Any]) -> Problem:
    where = (*path, *_real(source, path, fault["loc"]))
    kind, name = fault["type"], str(fault["loc"][-1]) if fault["loc"] else ""
    if kind == "extra_forbidden":
        mend = did_you_mean(name, known_keys(_form_at(form, fault["loc"][:-1])))
        return source.problem(where, f"unknown key {name!r}", mend, key=True)
    if kind == "missing":
        field = _field(_form_at(form, fault["loc"][:-1]), name)
        hint = f" ({field.description})" if field and field.description else ""
        return source.problem(where, f"the key {name!r} is missing", f"add '{name}: …'{hint}")
    reason, mend = (words.format_map(fault.get("ctx", {})) for words in _WORDS.get(kind, ("", "")))
    if kind == "value_error":
        reason, _, mend = str(fault["ctx"]["error"]).partition("; ")
    return source.problem(where, reason or fault["msg"], mend or "write it in that form", key="[key]" in fault["loc"])


def _real(source: Source, path: Path, loc: tuple[str | int, ...]) -> Path:
    """``loc`` without pydantic's own marks, as far as the file has it."""
    real: list[str | int] = []
    for part in loc:
        place = (*path, *real, part)
        if place in source.values or place in source.keys:
            real.append(part)
    return tuple(real)


def _form_at(form: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    """The innermost form that ``loc`` passes through."""
    for part in loc:
        field = _field(form, str(part))
        inner = _inner(field.annotation) if field else None
        form = inner or form
    return form


def _field(form: type[BaseModel], name: str) -> Any:
    return next((field for key, field in form.model_fields.items() if name in (key, field.alias)), None)


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _inner(arg))), None)
