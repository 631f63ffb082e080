"""``tell-ticket``: the number under which this call is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ivr.dialogue import say, words
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.registry import node
from ivr.identifiers.ticket_number import ticket_number
from ivr.speech import Groups

if TYPE_CHECKING:
    from ivr.call import Call

PROMPT = "your-ticket-number"


@node("tell-ticket")
class TellTicket(Node):
    """Says the request number of this call, in groups."""

    tell_ticket: Literal["this-call"] = Field("this-call", description="whose: this call's")
    then: Name = Field(description="the next node")

    async def run(self, call: Call) -> str:
        """Say it; always ``then``."""
        groups = Groups(ticket_number.grouped(str(call.state.ticket)), private=False)
        await say(call, words(call, PROMPT, number=groups))
        return "then"

    def edges(self) -> dict[str, str]:
        """The next node."""
        return {"then": self.then}

    def prompts(self) -> PromptSlots:
        """The one that is said."""
        return {PROMPT: ("number",)}
