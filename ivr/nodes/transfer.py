"""``transfer``: join the caller with a number outside of the hotline."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from ivr.calllog.events import TransferBegan, TransferEnded
from ivr.channel import RingOutcome
from ivr.dialogue import insist, words
from ivr.flow import target
from ivr.flow.model import Duration, Name, Node, PromptSlots
from ivr.flow.registry import node

if TYPE_CHECKING:
    from ivr.call import Call
    from ivr.calllog.state import CallState

SAID = "transferring"


@node("transfer")
class Transfer(Node):
    """Rings a number that outside.yaml allows, and joins the caller with whoever answers. It is not recorded."""

    waits: ClassVar[bool] = True
    own_prompts: ClassVar[tuple[str, ...]] = (SAID,)

    transfer: Name = Field(description="a number of outside.yaml, by its name there")
    ring: Duration = Field(30.0, le=120, description="how long it rings")
    then: Name | None = Field(None, description="after the conversation; by default the call ends")
    otherwise: Name | None = Field(None, description="nobody answered; by default the flow's rescue")

    async def run(self, call: Call) -> str:
        """``answered`` after a conversation, ``failed`` without one."""
        number = call.service.outside.numbers[self.transfer]
        await insist(call, words(call, SAID))
        call.log(TransferBegan(at=call.now(), to=self.transfer))
        rung = await call.channel.transfer(number, self.ring)
        ended = TransferEnded(
            at=call.now(), to=self.transfer, outcome=rung.outcome.value, seconds=round(rung.talk_seconds, 1)
        )
        call.log(ended)
        return "answered" if rung.outcome is RingOutcome.ANSWERED else "failed"

    def edges(self) -> dict[str, str]:
        """After the conversation, and without one."""
        return {"answered": self.then or target.END, "failed": self.otherwise or target.RESCUE}

    def places(self) -> dict[str, tuple[str, ...]]:
        """The outcomes are named by ``then`` and ``otherwise``."""
        return {"answered": ("then",), "failed": ("otherwise",)}

    def silent(self) -> tuple[str, ...]:
        """A conversation is no silence."""
        return ("failed",)

    def prompts(self) -> PromptSlots:
        """What is said before it rings."""
        return {SAID: ()}

    def numbers(self) -> tuple[str, ...]:
        """The one that is rung."""
        return (self.transfer,)

    def resumed(self, state: CallState) -> str | None:
        """It has rung, and perhaps been answered, while no engine was there: nobody is rung a second time."""
        return "failed" if state.transferring else None
