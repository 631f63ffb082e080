"""What editors are told is what the engine takes."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ivr.descriptions import Description, russian
from ivr.flow.registry import node_types
from ivr.identifiers.registry import identifiers
from ivr.messages import LANGUAGES
from ivr.reference import pages
from ivr.reference.kinds import KINDS
from ivr.reference.schema import FOLDER, file_name, schema

HERE = Path(__file__).resolve().parents[3]


def shipped() -> Iterator[tuple[str, Path]]:
    for kind in KINDS.values():
        yield from ((kind.name, path) for path in sorted(HERE.glob(kind.files)))


def read(path: Path) -> Any:
    """As an editor reads it, with numbers and truth values, then as JSON, whose keys are words."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str))


@pytest.mark.parametrize(("kind", "path"), list(shipped()), ids=str)
def test_every_shipped_file_names_its_schema_and_fits_it(kind: str, path: Path) -> None:
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text("utf-8"))
    assert named
    assert (path.parent / named[1]).resolve() == HERE / FOLDER / file_name(kind)
    assert [error.message for error in Draft202012Validator(schema(kind)).iter_errors(read(path))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_schema_is_true(kind: str) -> None:
    committed = json.loads((HERE / FOLDER / file_name(kind)).read_text("utf-8"))
    assert committed == schema(kind), "run `ivr schema --write`"
    Draft202012Validator.check_schema(committed)


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"menu": "main", "keys": {"1": "x"}, "otherwize": "x"}, "otherwize"),
        ({"menu": "main", "keys": {"12": "x"}, "otherwise": "x"}, "12"),
        ({"plya": "welcome", "then": "x"}, ""),
        ({"collect": "snilz", "then": "x"}, "snilz"),
        ({"queue": "general", "max-wait": "25"}, "25"),
        ({"queue": "general", "max-wait": 25}, "25"),
        ({"queue": "general", "relax": {"60s": {"language": "any"}}}, "60s"),
        ({"queue": "general", "needs": {"technical": 9}}, "9"),
    ],
)
def test_an_editor_is_told_what_is_wrong(node: dict[str, Any], fault: str) -> None:
    flow = read(HERE / "dialplans" / "main.yaml")
    flow["nodes"]["operator"] = node
    errors = list(Draft202012Validator(schema("flow")).iter_errors(flow))
    assert errors
    assert all(list(error.absolute_path)[:2] == ["nodes", "operator"] for error in errors)
    assert any(fault in error.message for error in errors)


def test_every_node_type_is_known_by_its_key_and_explained() -> None:
    node = schema("flow")["$defs"]["node"]
    assert set(node["properties"]) == set(node_types())
    assert all(each["description"] for each in node["properties"].values())


def test_a_missing_key_is_told() -> None:
    flow = read(HERE / "dialplans" / "main.yaml")
    for key in ("flow", "start", "rescue", "nodes"):
        without = copy.deepcopy(flow)
        del without[key]
        assert not Draft202012Validator(schema("flow")).is_valid(without)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committed_reference_is_true_and_has_every_node_and_identifier(language: str) -> None:
    committed = (HERE / pages.PAGES[language]).read_text("utf-8")
    assert committed == pages.page(language), "run `ivr docs --write`"
    assert all(f"### `{name}`" in committed for name in node_types())
    assert all(f"| `{name}` |" in committed for name in identifiers())


def test_every_form_key_and_node_is_described_in_russian_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    described: set[str] = set()

    class Noted(Description):
        def told(self, language: str) -> str:
            described.add(str(self))
            return super().told(language)

    monkeypatch.setattr(pages, "Description", Noted)
    pages.page("ru")
    assert described - russian().keys() - {""} == set(), "add them to ivr/descriptions.yaml"
    assert russian().keys() - described == set(), "take them out of ivr/descriptions.yaml"
