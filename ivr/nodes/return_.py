"""``return``: go back to the flow that called this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from ivr.flow.model import Name, Node
from ivr.flow.registry import node
from ivr.flow.target import RETURN

if TYPE_CHECKING:
    from ivr.call import Call


@node("return")
class Return(Node):
    """The end of a flow that another one called by ``sub-flow``, with a word that says how it went."""

    return_: Name = Field(alias="return", description="the word: done")

    async def run(self, call: Call) -> str:
        """Nothing is said; the session goes back."""
        return "return"

    def edges(self) -> dict[str, str]:
        """The node that called, with the word."""
        return {"return": RETURN + self.return_}
