"""What the API answers when it cannot do what was asked: application/problem+json (RFC 9457) that says what to mend."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from aiohttp import web
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from ivr.messages import told

_TEXTS = Path(__file__).with_name("problems.yaml")


class Kind(NamedTuple):
    """A kind of problem: its HTTP status, and title and detail by language."""

    status: int
    title: Mapping[str, str]
    detail: Mapping[str, str]


class FieldError(NamedTuple):
    """What is wrong with one value. ``pointer``: where (RFC 6901); ``type``: a key of the texts' ``fields``."""

    pointer: str
    type: str
    values: Mapping[str, Any]


class Wrong(BaseModel):
    """One value that needs mending."""

    pointer: str
    detail: str


class Said(NamedTuple):
    """What is wrong with one value, in words: a Message, told in the reader's language, or words told already."""

    pointer: str
    words: str

    def told(self, language: str) -> Wrong:
        """As it is sent, in ``language``."""
        return Wrong(pointer=self.pointer, detail=told(self.words, language))


class ProblemBody(BaseModel):
    """A problem as it is sent."""

    type: str
    title: str
    status: int
    detail: str
    allowed: list[str] | None = None
    errors: list[Wrong] | None = None
    changes: list[dict[str, Any]] | None = None


class Problem(Exception):
    """The request cannot be served: ``kind`` names the texts, ``values`` fill them.

    A value that is a mapping is told by its word for the reader's language.
    ``errors``: the values at fault; ``said``: such in words; ``allowed``: what would have been taken; ``changes``: what
    others did meanwhile.
    """

    def __init__(
        self,
        kind: str,
        *,
        errors: Sequence[FieldError] = (),
        said: Sequence[Said] = (),
        allowed: Sequence[str] | None = None,
        changes: Sequence[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        super().__init__(kind)
        self.kind, self.errors, self.said, self.values = kind, errors, list(said), values
        self.allowed = None if allowed is None else list(allowed)
        self.changes = None if changes is None else list(changes)
        self.headers = headers or {}
        if allowed is not None:
            self.values["allowed"] = ", ".join(allowed) or "—"

    @property
    def status(self) -> int:
        """The HTTP status."""
        return kinds()[self.kind].status

    def body(self, language: str) -> ProblemBody:
        """What is sent, in this language."""
        kind = kinds()[self.kind]
        return ProblemBody(
            type=f"/api/problems/{self.kind}",
            title=kind.title[language],
            status=kind.status,
            detail=kind.detail[language].format_map(
                {name: each[language] if isinstance(each, Mapping) else each for name, each in self.values.items()}
            ),
            allowed=self.allowed,
            changes=self.changes,
            errors=[*(each.told(language) for each in self.said), *(_wrong(each, language) for each in self.errors)]
            or None,
        )

    def response(self, language: str) -> web.Response:
        """The answer to the client."""
        return web.json_response(
            text=self.body(language).model_dump_json(exclude_none=True),
            status=self.status,
            content_type="application/problem+json",
            headers={"Content-Language": language, "Vary": "Accept-Language", **self.headers},
        )


def wrong_values(details: Sequence[ErrorDetails], where: str) -> Problem:
    """The problem that pydantic found in the ``body`` or the ``query``."""
    errors = [FieldError(_pointer(where, each["loc"]), each["type"], each.get("ctx", {})) for each in details[:20]]
    return Problem("values-wrong", errors=errors)


@cache
def texts() -> Mapping[str, Any]:
    """problems.yaml as it stands."""
    loaded: Mapping[str, Any] = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    return loaded


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of problem, by name."""
    return {name: Kind(**fields) for name, fields in texts()["kinds"].items()}


def _wrong(error: FieldError, language: str) -> Wrong:
    fields = texts()["fields"]
    template = fields.get(error.type, fields["otherwise"])[language]
    return Wrong(pointer=error.pointer, detail=template.format_map(error.values))


def _pointer(where: str, loc: Sequence[int | str]) -> str:
    """``#/skills/technical`` for a body (RFC 9457's example), ``?limit`` for a query; of bounded length."""
    path = "/".join(str(part).replace("~", "~0").replace("/", "~1")[:64] for part in loc if part != "[key]")
    shown = json.dumps(path, ensure_ascii=True)[1:-1]
    return f"?{shown}" if where == "query" else f"#/{shown}" if shown else "#"
