"""``set``: note something about the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from ivr.calllog.events import AttributeSet, PrioritySet
from ivr.flow.model import Name, Node
from ivr.flow.registry import node

if TYPE_CHECKING:
    from ivr.call import Call

Value = Annotated[str, StringConstraints(max_length=64)]


@node("set")
class Set(Node):
    """Notes words about the call, which a ``branch`` may look at later, and its priority in every queue."""

    set: dict[Name, Value] = Field(description="name -> word: {topic: tax}; {} to set the priority alone")
    priority: int | None = Field(None, ge=-100, le=100, description="in every queue from here on; higher goes first")
    then: Name = Field(description="the next node")

    async def run(self, call: Call) -> str:
        """Nothing is said; always ``then``."""
        for name, value in self.set.items():
            call.log(AttributeSet(at=call.now(), name=name, value=value))
        if self.priority is not None:
            call.log(PrioritySet(at=call.now(), priority=self.priority))
        return "then"

    def edges(self) -> dict[str, str]:
        """The next node."""
        return {"then": self.then}
