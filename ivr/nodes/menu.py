"""``menu``: one key chooses what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, StringConstraints

from ivr import digits
from ivr.dialogue import ask, insist, words
from ivr.flow import target
from ivr.flow.model import Duration, Name, Node, PromptSlots
from ivr.flow.registry import node

if TYPE_CHECKING:
    from ivr.call import Call

Key = Annotated[str, StringConstraints(pattern=r"^[0-9]$")]

MOST_REPEATS = 10
"""How often 9 repeats a menu before it counts as a wrong key: a stuck key must not hold a line for ever."""


@node("menu")
class Menu(Node):
    """Says what each key does and takes one key. ``*`` goes back, ``9`` repeats unless it is assigned."""

    trail: ClassVar[bool] = True

    menu: Name = Field(description="the prompt: what each key does")
    keys: dict[Key, Name] = Field(min_length=1, description="key -> node")
    also: dict[Key, Name] = Field(default_factory=dict, description="keys that work beside those that are offered")
    otherwise: Name = Field(description="the node after the last attempt without a right key: a person")
    attempts: int = Field(3, ge=1, le=5)
    wait: Duration = Field(digits.FIRST_DIGIT, description="for a key, from the prompt's end")
    without_operator: bool = Field(default=False, description="yes: this menu has no 0, on purpose")

    async def run(self, call: Call) -> str:
        """The key pressed, ``back``, or ``otherwise`` after the last attempt."""
        attempt = repeats = 0
        while attempt < self.attempts:
            key = await ask(call, words(call, self.menu), self.wait)
            if key in self.keys or key in self.also:
                return key
            if key == digits.BACK:
                return "back"
            if key == digits.REPEAT and repeats < MOST_REPEATS:
                repeats += 1
                continue
            attempt += 1
            if attempt < self.attempts:
                await insist(call, words(call, "no-key" if key is None else "wrong-key"))
        return "otherwise"

    def edges(self) -> dict[str, str]:
        """A node for each key."""
        return {**self.also, **self.keys, "back": target.BACK, "otherwise": self.otherwise}

    def places(self) -> dict[str, tuple[str, ...]]:
        """Keys are named under ``keys`` and ``also``."""
        also = {key: ("also", key) for key in self.also}
        return {**also, **{key: ("keys", key) for key in self.keys}}

    def silent(self) -> Iterable[str]:
        """A caller who presses nothing."""
        return ("otherwise",)

    def prompts(self) -> PromptSlots:
        """The menu and the two errors."""
        return {self.menu: (), "no-key": (), "wrong-key": ()}
