"""Every registered node type keeps the contract, whichever file it comes from."""

from __future__ import annotations

import re
from textwrap import indent

import pytest

from ivr.flow.loader import parse
from ivr.flow.model import Node, kebab
from ivr.flow.registry import node, node_types
from ivr.flow.service import load, read_node
from ivr.settings import PROJECT

GUIDES = ("docs/admin.md", "docs/admin.ru.md")


def examples(guide: str) -> dict[str, Node]:
    """The nodes of the guide's examples: every block of YAML that follows a heading like ``### branch: …``."""
    text = (PROJECT / guide).read_text("utf-8")
    blocks = re.findall(r"^### `.*?^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    source = parse(("nodes:\n" + indent("".join(blocks), "  ")).encode(), guide)
    read = {str(name): read_node(source, str(name)) for name in source.data["nodes"]}
    assert not [str(problem) for _, problems in read.values() for problem in problems]
    return {name: node for name, (node, _) in read.items() if node}


EXAMPLES = {guide: examples(guide) for guide in GUIDES}
SHIPPED = [(f"{flow.name}.{name}", node) for flow in load(PROJECT).flows.values() for name, node in flow.nodes.items()]


@pytest.mark.parametrize(("name", "kind"), node_types().items())
class TestEachType:
    def test_its_first_own_field_is_its_yaml_name(self, name: str, kind: type[Node]) -> None:
        assert kind.kind == name
        own = [field for field in kind.model_fields if field not in Node.model_fields]
        assert (kind.model_fields[own[0]].alias or kebab(own[0])) == name

    def test_it_is_documented(self, name: str, kind: type[Node]) -> None:
        assert kind.__doc__
        bare = {"attempts"}
        assert all(field.description for key, field in kind.model_fields.items() if key not in bare), name

    def test_it_is_shown_by_the_shipped_flows_or_by_an_example_in_each_guide(self, name: str, kind: type[Node]) -> None:
        shipped = any(isinstance(node, kind) for _, node in SHIPPED)
        assert shipped or all(any(isinstance(node, kind) for node in shown.values()) for shown in EXAMPLES.values())

    def test_its_form_gives_a_json_schema(self, name: str, kind: type[Node]) -> None:
        assert name in kind.model_json_schema(by_alias=True)["properties"]


SHOWN = [*SHIPPED, *((f"{guide}.{name}", node) for guide, nodes in EXAMPLES.items() for name, node in nodes.items())]


@pytest.mark.parametrize(("where", "shipped"), SHOWN, ids=[where for where, _ in SHOWN])
def test_its_silence_and_its_places_are_of_its_edges(where: str, shipped: Node) -> None:
    edges = shipped.edges()
    assert edges
    assert set(shipped.silent()) <= set(edges)
    assert set(shipped.places()) <= set(edges)


def test_two_types_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two node types"):
        node("play")(Node)


def test_both_guides_show_the_same() -> None:
    first, second = EXAMPLES.values()
    assert first == second
