"""Every registered node type keeps the contract, whichever file it comes from."""

from __future__ import annotations

import pytest

from ivr.flow.model import Node, kebab
from ivr.flow.registry import node, node_types
from ivr.flow.service import load
from ivr.settings import PROJECT

SHIPPED = [(f"{flow.name}.{name}", node) for flow in load(PROJECT).flows.values() for name, node in flow.nodes.items()]


@pytest.mark.parametrize(("name", "kind"), node_types().items())
class TestEachType:
    def test_its_first_own_field_is_its_yaml_name(self, name: str, kind: type[Node]) -> None:
        assert kind.kind == name
        own = [field for field in kind.model_fields if field not in Node.model_fields]
        assert kebab(own[0]) == name

    def test_it_is_documented(self, name: str, kind: type[Node]) -> None:
        assert kind.__doc__
        bare = {"attempts"}
        assert all(field.description for key, field in kind.model_fields.items() if key not in bare), name

    def test_it_is_used_in_the_shipped_flows(self, name: str, kind: type[Node]) -> None:
        assert any(isinstance(node, kind) for _, node in SHIPPED)

    def test_its_form_gives_a_json_schema(self, name: str, kind: type[Node]) -> None:
        assert name in kind.model_json_schema(by_alias=True)["properties"]


@pytest.mark.parametrize(("where", "shipped"), SHIPPED, ids=[where for where, _ in SHIPPED])
def test_its_silence_and_its_places_are_of_its_edges(where: str, shipped: Node) -> None:
    edges = shipped.edges()
    assert edges
    assert set(shipped.silent()) <= set(edges)
    assert set(shipped.places()) <= set(edges)


def test_two_types_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two node types"):
        node("play")(Node)
