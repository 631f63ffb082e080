"""``goodbye``: say a prompt and end the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from ivr.dialogue import words
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.registry import node
from ivr.flow.target import END

if TYPE_CHECKING:
    from ivr.call import Call


@node("goodbye")
class Goodbye(Node):
    """The declared end of a call."""

    completes: ClassVar[bool] = True

    goodbye: Name = Field("goodbye", description="the prompt")

    async def run(self, call: Call) -> str:
        """Say it; the session hangs up."""
        await call.channel.play(words(call, self.goodbye))
        return "end"

    def edges(self) -> dict[str, str]:
        """The end."""
        return {"end": END}

    def prompts(self) -> PromptSlots:
        """The one that is said."""
        return {self.goodbye: ()}
