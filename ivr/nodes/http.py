"""``http``: ask a system of the owner's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ivr.around import SystemFailed
from ivr.calllog.events import AttributeSet
from ivr.dialogue import say, words
from ivr.flow import target
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.registry import node

if TYPE_CHECKING:
    from ivr.call import Call

Fact = Literal["ticket", "line", "region", "language", "section", "category", "caller"]


def _ticket() -> list[Fact]:
    return ["ticket"]


@node("http")
class Http(Node):
    """Asks a system of outside.yaml by one signed POST of JSON, and notes words of its answer as attributes."""

    http: Name = Field(description="a system of outside.yaml")
    send: list[Fact] = Field(default_factory=_ticket, description="what it is told of the call")
    keep: dict[Name, str] = Field(default_factory=dict, description="attribute -> key of the answer that it is set to")
    say: Name | None = Field(None, description="a prompt said before")
    then: Name = Field(description="the next node")
    failed: Name | None = Field(None, description="no answer, a late or a wrong one; by default the flow's rescue")

    async def run(self, call: Call) -> str:
        """``then`` with an answer, ``failed`` without."""
        if self.say:
            await say(call, words(call, self.say))
        state = call.state
        facts: dict[Fact, str] = {
            "ticket": str(state.ticket),
            "line": state.line,
            "region": state.region,
            "language": state.language,
            "section": state.section,
            "category": state.category,
            "caller": state.caller,
        }
        try:
            system = call.service.outside.systems[self.http]
            answer = await call.systems.ask(system, {fact: facts[fact] for fact in self.send})
        except SystemFailed:
            return "failed"
        for attribute, key in self.keep.items():
            call.log(AttributeSet(at=call.now(), name=attribute, value=answer.get(key, "")))
        return "then"

    def edges(self) -> dict[str, str]:
        """With an answer, and without."""
        return {"then": self.then, "failed": self.failed or target.RESCUE}

    def prompts(self) -> PromptSlots:
        """The one that is said before, if there is one."""
        return {self.say: ()} if self.say else {}

    def systems(self) -> tuple[str, ...]:
        """The one that is asked."""
        return (self.http,)
