"""The announcement for all, heard once in each call that begins while it is in force."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.call import Call
from ivr.dialogue import insist, words
from ivr.flow.model import Node


@dataclass(slots=True)
class Announcing:
    """Of one call. ``done``: nothing is to be announced in it any more; one that is taken up again has heard it."""

    call: Call
    done: bool = False

    async def before(self, node: Node) -> None:
        """Say it before the first node that neither greets nor asks for the language, if it says anything at all.

        By then the caller's language is known, and nothing has been asked yet. No key stops it. Raises CallerGone.
        """
        if self.done or node.opens or not node.prompts():
            return
        self.done = True
        prompt = "" if self.call.state.resumed else self.call.around.announcement()
        if prompt:
            await insist(self.call, words(self.call, prompt))
