"""``play``: say a prompt and go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from ivr.dialogue import insist, say, words
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.registry import node

if TYPE_CHECKING:
    from ivr.call import Call


@node("play")
class Play(Node):
    """Say a prompt; a key stops it, and answers the next question."""

    opens: ClassVar[bool] = True

    play: Name = Field(description="the prompt")
    then: Name = Field(description="the next node")
    whole: bool = Field(default=False, description="yes: no key stops it (a legal notice)")

    async def run(self, call: Call) -> str:
        """Say it; always ``then``."""
        speech = words(call, self.play)
        await (insist(call, speech) if self.whole else say(call, speech))
        return "then"

    def edges(self) -> dict[str, str]:
        """The next node."""
        return {"then": self.then}

    def prompts(self) -> PromptSlots:
        """The one that is said."""
        return {self.play: ()}
