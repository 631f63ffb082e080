"""``tell-status``: how a request stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ivr.call import LookupFailed, RequestStatus
from ivr.dialogue import say, words
from ivr.flow import target
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.registry import node
from ivr.speech import Day, Prompt

if TYPE_CHECKING:
    from ivr.call import Call
    from ivr.speech import Speech

STATUSES = ("registered", "in-progress", "waiting-for-documents", "done", "refused", "approved", "rejected")
"""Every status that a request may have; the prompt of each is ``status-KEY``."""


@node("tell-status")
class TellStatus(Node):
    """Says the status of the request that was asked for: since when, and when the answer is expected."""

    completes: ClassVar[bool] = True

    tell_status: Literal["asked"] = Field("asked", description="of the request whose number was keyed")
    then: Name = Field(description="the next node")
    lookup_failed: Name | None = Field(None, description="it could not be looked up; by default the flow's rescue")

    async def run(self, call: Call) -> str:
        """``then`` once said, ``lookup-failed`` when there is nothing to say."""
        try:
            status = await call.requests.status(call.state.asked_ticket)
        except LookupFailed:
            status = None
        if status is None:
            return "lookup-failed"
        await say(call, _spoken(call, status))
        return "then"

    def edges(self) -> dict[str, str]:
        """The next node; a person when the lookup fails."""
        return {"then": self.then, "lookup-failed": self.lookup_failed or target.RESCUE}

    def prompts(self) -> PromptSlots:
        """The sentence, with a date expected and without, and each status."""
        statuses = {f"status-{status}": () for status in STATUSES}
        return {"request-status": ("status", "changed"), "request-expected": ("expected",), **statuses}


def _spoken(call: Call, status: RequestStatus) -> Speech:
    speech = words(call, "request-status", status=Prompt(f"status-{status.status}"), changed=Day(status.changed))
    if status.expected is not None:
        speech += words(call, "request-expected", expected=Day(status.expected))
    return speech
