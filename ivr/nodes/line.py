"""``line``: go on as if another line had been dialled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from ivr.flow.model import Name, Node
from ivr.flow.registry import node
from ivr.flow.target import LINE

if TYPE_CHECKING:
    from ivr.call import Call


@node("line")
class OtherLine(Node):
    """The call goes on on another line: its region, languages, hours and flow."""

    line: Name = Field(description="a line of regions.yaml")

    async def run(self, call: Call) -> str:
        """Nothing is said; the session changes the line."""
        return "then"

    def edges(self) -> dict[str, str]:
        """The other line's flow."""
        return {"then": LINE + self.line}

    def places(self) -> dict[str, tuple[str, ...]]:
        """The target is named by the key ``line``."""
        return {"then": ("line",)}
