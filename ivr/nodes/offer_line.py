"""``offer-line``: another line has the caller's region; its number is told, and the way there offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from ivr import digits
from ivr.dialogue import ask, insist, words
from ivr.flow import target
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.registry import node
from ivr.identifiers.phone import as_dialled
from ivr.speech import Groups

if TYPE_CHECKING:
    from ivr.call import Call

THERE, HERE = "1", "2"
ATTEMPTS = 2
"""A second wrong key, and any silence, stays on this line: the caller came here by their own choice."""

MOST_REPEATS = 10


@node("offer-line")
class OfferLine(Node):
    """Tells the first number of another line, as regions.yaml has it, and offers to go on there (1) or not (2)."""

    offer_line: Name = Field(description="a line of regions.yaml")
    say: Name = Field(description="the prompt; {digits} in it is the line's number")
    then: Name = Field(description="the caller stays on this line, or says nothing")
    operator: Name | None = Field(None, description="where 0 leads; by default the flow's rescue")

    async def run(self, call: Call) -> str:
        """``accepted``, ``declined``, or ``operator``, ``back``. A line without a number is not offered."""
        number = next(iter(call.service.line(self.offer_line).numbers), "")
        if not number:
            return "declined"
        question = words(call, self.say, digits=Groups(as_dialled(number), private=False))
        attempt = repeats = 0
        while attempt < ATTEMPTS:
            key = await ask(call, question)
            if key in _OUTCOMES:
                return _OUTCOMES[key]
            if key in (digits.REPEAT, digits.END) and repeats < MOST_REPEATS:
                repeats += 1
                continue
            attempt += 1
            if attempt < ATTEMPTS:
                await insist(call, words(call, "wrong-key"))
        return "declined"

    def edges(self) -> dict[str, str]:
        """The other line's flow, the next node here, a person, and back."""
        ways = {"accepted": target.LINE + self.offer_line, "declined": self.then}
        return {**ways, "operator": self.operator or target.RESCUE, "back": target.BACK}

    def places(self) -> dict[str, tuple[str, ...]]:
        """The outcomes are named by ``offer-line`` and ``then``."""
        return {"accepted": ("offer-line",), "declined": ("then",)}

    def silent(self) -> tuple[str, ...]:
        """Who presses nothing stays."""
        return ("declined",)

    def prompts(self) -> PromptSlots:
        """The offer, and the error."""
        return {self.say: ("digits",), "wrong-key": ()}


_OUTCOMES: dict[str | None, str] = {
    THERE: "accepted",
    HERE: "declined",
    None: "declined",
    digits.OPERATOR: "operator",
    digits.BACK: "back",
}
