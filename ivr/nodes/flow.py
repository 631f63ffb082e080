"""``flow``: go on with another flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from ivr.flow.model import Name, Node
from ivr.flow.registry import node
from ivr.flow.target import FLOW

if TYPE_CHECKING:
    from ivr.call import Call


@node("flow")
class OtherFlow(Node):
    """The call goes on at the start of another flow, on the same line."""

    flow: Name = Field(description="the flow's name")

    async def run(self, call: Call) -> str:
        """Nothing is said; the session goes there."""
        return "then"

    def edges(self) -> dict[str, str]:
        """The other flow's start."""
        return {"then": FLOW + self.flow}

    def places(self) -> dict[str, tuple[str, ...]]:
        """The target is named by the key ``flow``."""
        return {"then": ("flow",)}
