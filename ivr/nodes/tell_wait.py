"""``tell-wait``: how long the wait for an operator is likely to be."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import Field

from ivr.dialogue import say, words
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.registry import node
from ivr.speech import Span

if TYPE_CHECKING:
    from ivr.call import Call

SOON, LATER = "wait-soon", "wait-minutes"
"""The prompts below a minute, and from there, in whole minutes begun."""


@node("tell-wait")
class TellWait(Node):
    """Says how long the wait in a queue is likely to be; nothing while such estimates have not come true there."""

    tell_wait: Name = Field(description="the queue")
    then: Name = Field(description="the next node")

    async def run(self, call: Call) -> str:
        """Say it if it is known; always ``then``."""
        wait = call.around.expected_wait(self.tell_wait)
        if wait is not None and wait < 60:
            await say(call, words(call, SOON))
        elif wait is not None:
            minutes = math.ceil(wait / 60)
            await say(call, words(call, LATER, wait=Span(timedelta(minutes=minutes))))
        return "then"

    def edges(self) -> dict[str, str]:
        """The next node."""
        return {"then": self.then}

    def prompts(self) -> PromptSlots:
        """The two sentences."""
        return {SOON: (), LATER: ("wait",)}

    def queues(self) -> tuple[str, ...]:
        """The one that is told of."""
        return (self.tell_wait,)
