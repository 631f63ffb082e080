"""``survey``: how satisfied the caller is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from ivr import digits
from ivr.calllog.events import Rated
from ivr.dialogue import ask, insist, words
from ivr.flow import target
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.registry import node

if TYPE_CHECKING:
    from ivr.call import Call

RATINGS = "12345"
ATTEMPTS = 2
"""A rating is a favour: who presses a wrong key twice, or nothing once, is not asked again."""

THANKS = "rating-kept"


@node("survey")
class Survey(Node):
    """Asks for a rating from 1 to 5, kept with the ticket. Silence and ``#`` skip it, ``0`` reaches a person."""

    completes: ClassVar[bool] = True

    survey: Name = Field("rate-call", description="the prompt")
    then: Name = Field(description="the next node")
    unhappy: Name | None = Field(None, description="after a 1 or a 2; by default as 'then'")
    operator: Name | None = Field(None, description="where 0 leads; by default the flow's rescue")

    async def run(self, call: Call) -> str:
        """``rated``, ``unhappy``, ``skipped``, or ``operator``, ``back``."""
        for attempt in range(ATTEMPTS):
            key = await ask(call, words(call, self.survey))
            if key is not None and key in RATINGS:
                return await self._keep(call, int(key))
            if key in (digits.OPERATOR, digits.BACK):
                return "operator" if key == digits.OPERATOR else "back"
            if key in (None, digits.END):
                break
            if attempt + 1 < ATTEMPTS:
                await insist(call, words(call, "wrong-key"))
        return "skipped"

    async def _keep(self, call: Call, rating: int) -> str:
        call.log(Rated(at=call.now(), rating=rating))
        await insist(call, words(call, THANKS))
        return "unhappy" if rating <= 2 and self.unhappy else "rated"

    def edges(self) -> dict[str, str]:
        """The next node, another for the unhappy, a person, and back."""
        unhappy = {"unhappy": self.unhappy} if self.unhappy else {}
        ways = {"operator": self.operator or target.RESCUE, "back": target.BACK}
        return {"rated": self.then, "skipped": self.then, **unhappy, **ways}

    def places(self) -> dict[str, tuple[str, ...]]:
        """Rated or not, ``then`` follows."""
        return {"rated": ("then",), "skipped": ("then",)}

    def silent(self) -> tuple[str, ...]:
        """Who presses nothing has skipped it."""
        return ("skipped",)

    def prompts(self) -> PromptSlots:
        """The question, the thanks and the error."""
        return {self.survey: (), THANKS: (), "wrong-key": ()}
