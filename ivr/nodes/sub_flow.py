"""``sub-flow``: walk another flow and come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pydantic import Field

from ivr.flow.model import Name, Node
from ivr.flow.registry import node
from ivr.flow.target import CALL
from ivr.nodes.set import Value

if TYPE_CHECKING:
    from ivr.call import Call

ENTER = "enter"
"""The outcome that leads into the other flow; the others are the words that it returns with."""


@node("sub-flow")
class SubFlow(Node):
    """Walks another flow, which comes back here by a ``return`` node.

    What stands under ``with`` is an attribute for as long as the other flow lasts.
    """

    sub_flow: Name = Field(description="the flow's name")
    with_: dict[Name, Value] = Field(default_factory=dict, alias="with", description="what it is given: {topic: tax}")
    returned: dict[Name, Name] = Field(default_factory=dict, description="the word it returns with -> node")
    then: Name = Field(description="the next node, whatever else it returns with")

    async def run(self, call: Call) -> str:
        """Nothing is said; the session goes there."""
        return ENTER

    def edges(self) -> dict[str, str]:
        """The other flow's start, and where each word that it returns with leads."""
        return {**self.returned, "then": self.then, ENTER: CALL + self.sub_flow}

    def places(self) -> dict[str, tuple[str, ...]]:
        """The flow is named by the key ``sub-flow``, the words under ``returned``."""
        return {ENTER: ("sub-flow",), **{word: ("returned", word) for word in self.returned}}

    def silent(self) -> Iterable[str]:
        """The other flow is silent, or is not."""
        return (ENTER,)

    def parameters(self) -> Mapping[str, str]:
        """What stands under ``with``."""
        return self.with_
