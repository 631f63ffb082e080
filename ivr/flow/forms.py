"""From plain data to a form, every fault of it told at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ivr.descriptions import Description
from ivr.flow.loader import Path, Source
from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.twisted import BOOLEANS
from ivr.messages import Message, Unfit

AnyForm = TypeVar("AnyForm", bound=BaseModel)

_WORDS: dict[str, tuple[str, str]] = {
    "string_pattern_mismatch": ("not-a-name", "write-a-name"),
    "string_type": ("not-one-word", "write-one-word"),
    "int_parsing": ("not-a-whole-number", "write-digits"),
    "int_type": ("not-a-whole-number", "write-digits"),
    "int_from_float": ("not-a-whole-number", "write-digits"),
    "bool_parsing": ("not-yes-or-no", "write-yes-or-no"),
    "bool_type": ("not-yes-or-no", "write-yes-or-no"),
    "float_parsing": ("not-a-number", "write-digits"),
    "list_type": ("not-a-list", "write-a-list"),
    "dict_type": ("not-keys", "write-keys"),
    "less_than_equal": ("too-great", "write-less"),
    "greater_than_equal": ("too-small", "write-more"),
    "greater_than": ("not-greater", "write-greater"),
    "too_short": ("too-few", "write-at-least"),
    "too_long": ("too-many", "write-at-most"),
    "literal_error": ("word-unknown", "use-one-expected"),
    "model_type": ("not-keys", "write-keys"),
}
"""pydantic's kind of fault -> the messages of the reason and the mend, which take their values from its context."""


def read_form(form: type[AnyForm], source: Source, path: Path = ()) -> tuple[AnyForm | None, list[Problem]]:
    """The form of the data at ``path``, or None and every problem that it has."""
    try:
        read = form.model_validate(value_at(source.data, path))
    except ValidationError as error:
        return None, [_problem(form, source, path, fault) for fault in error.errors(include_url=False)]
    return read, list(_read_otherwise(read, source, path))


def first_key(form: type[BaseModel]) -> str:
    """What a file of this form may begin with: its first key that must be there, else its first."""
    name, field = next(iter(sorted(form.model_fields.items(), key=lambda item: not item[1].is_required())))
    return f"{field.alias or name}:"


def _read_otherwise(read: BaseModel, source: Source, path: Path) -> Iterator[Problem]:
    """Bare words that another program, or another day's reader, takes for something else than this form has."""
    for where, reading in source.twisted.items():
        if where[: len(path)] != path or _untouched(read, source, path, where):
            continue
        word, value = value_at(source.data, where), _value(read, where[len(path) :])
        if isinstance(value, bool) and word.lower() in BOOLEANS:
            continue
        number = isinstance(value, int | float)
        mend = Message("write-plain-digits", value=value) if number else Message("put-in-quotes", word=word)
        yield source.problem(where, Message("read-otherwise", reading=reading), mend)


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
        return source.problem(where, Message("key-unknown", key=name), mend, key=True)
    if kind == "missing":
        return source.problem(where, Message("key-missing", key=name), _add(_form_at(form, fault["loc"][:-1]), name))
    reason, mend = _told(kind, fault.get("ctx", {}), fault["msg"])
    return source.problem(where, reason, mend, key="[key]" in fault["loc"])


def _told(kind: str, context: Mapping[str, Any], words: str) -> tuple[Message, Message]:
    """Why a value does not fit, and the mend; ``words``: pydantic's own."""
    fault = context.get("error")
    if isinstance(fault, Unfit):
        return fault.reason, fault.mend
    if kind not in _WORDS:
        return Message("form-other", words=words), Message("write-in-that-form")
    reason, mend = (Message(key, **context) for key in _WORDS[kind])
    return reason, mend


def _add(form: type[BaseModel], name: str) -> Message:
    """The mend for a key that is missing."""
    field = _field(form, name)
    if field is None or not field.description:
        return Message("add-key", key=name)
    return Message("add-key-which", key=name, meaning=Description(field.description))


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
