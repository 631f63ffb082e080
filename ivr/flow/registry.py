"""Node types by the name that YAML uses; a file in ivr/nodes joins by being there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from ivr.flow.model import Node

_types: dict[str, type[Node]] = {}

AnyNode = TypeVar("AnyNode", bound=Node)


def node(name: str) -> Callable[[type[AnyNode]], type[AnyNode]]:
    """Register a node type under ``name``, the first key of its YAML form."""

    def register(kind: type[AnyNode]) -> type[AnyNode]:
        if _types.setdefault(name, kind) is not kind:
            raise ValueError(f"two node types are called {name!r}")
        kind.kind = name
        return kind

    return register


@cache
def node_types() -> Mapping[str, type[Node]]:
    """Every node type by its YAML name."""
    package = importlib.import_module("ivr.nodes")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return MappingProxyType(_types)
