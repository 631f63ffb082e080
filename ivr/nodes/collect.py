"""``collect``: a number is keyed, checked, read back and confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import Field, field_validator, model_validator

from ivr import digits
from ivr.call import LookupFailed
from ivr.calllog.events import TicketAsked, Unidentified
from ivr.dialogue import EntryEnd, ask, enter, insist, words
from ivr.flow import target
from ivr.flow.model import Name, Node, PromptSlots
from ivr.flow.problem import did_you_mean
from ivr.flow.registry import node
from ivr.identifiers.registry import Identifier, identifiers
from ivr.speech import Groups

if TYPE_CHECKING:
    from ivr.call import Call

MOST_RESTARTS = 5
"""How often ``*`` begins the entry anew before that counts as a failed attempt."""

_LEAVING = {EntryEnd.OPERATOR: "operator", EntryEnd.BACK: "back"}


@node("collect")
class Collect(Node):
    """Asks for an identifier. ``#`` ends (or skips), ``*`` begins anew or goes back, ``0`` alone reaches a person."""

    collect: str = Field(description="the identifier: a file of ivr/identifiers")
    then: Name | None = Field(None, description="the next node")
    optional: bool = Field(default=False, description="yes: '#' alone skips it")
    skipped: Name | None = Field(None, description="after '#'; by default as 'then'")
    failed: Name | None = Field(None, description="after the last wrong entry; by default as 'then'")
    found: Name | None = Field(None, description="the request exists")
    not_found: Name | None = Field(None, description="no request has this number; by default the flow's rescue")
    lookup_failed: Name | None = Field(None, description="it could not be looked up; by default the flow's rescue")
    operator: Name | None = Field(None, description="where 0 leads; by default the flow's rescue")
    attempts: int = Field(3, ge=1, le=5)

    @field_validator("collect")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in identifiers():
            raise ValueError(f"no identifier is called {name!r}; {did_you_mean(name, identifiers())}")
        return name

    @model_validator(mode="after")
    def _continues(self) -> Collect:
        if self.identifier.request and self.found is None:
            raise ValueError("the key 'found' is missing; add 'found: NODE': where a request that exists leads")
        if not self.identifier.request and self.then is None:
            raise ValueError("the key 'then' is missing; add 'then: NODE': the next node")
        if not self.identifier.request and (self.found or self.not_found or self.lookup_failed):
            raise ValueError(f"{self.collect} is not looked up; take out 'found', 'not-found' and 'lookup-failed'")
        return self

    @property
    def identifier(self) -> Identifier:
        """What is collected."""
        return identifiers()[self.collect]

    async def run(self, call: Call) -> str:
        """``then`` or ``found`` with a right number; else one of the other edges."""
        attempt = restarts = 0
        cut = False
        while attempt < self.attempts:
            entry = await enter(call, words(call, f"{self.collect}-ask"), self.identifier.lengths)
            late, cut = cut and entry.end is EntryEnd.SKIP, entry.cut
            if late:  # the '#' of an entry that had ended by itself, pressed while its error was told
                continue
            if entry.end is EntryEnd.SKIP and self.optional:
                return self._without(call, "skipped")
            if entry.end in _LEAVING:
                return _LEAVING[entry.end]
            if entry.end is EntryEnd.AGAIN and restarts < MOST_RESTARTS:
                restarts += 1
                continue
            wrong = self._wrong(entry.end, entry.digits)
            answer = wrong or await self._confirmed(call, entry.digits)
            if answer == "yes":
                return await self._accept(call, entry.digits)
            if answer == "operator":
                return "operator"
            attempt += 1
            if wrong and attempt < self.attempts:
                await insist(call, words(call, wrong))
        await insist(call, words(call, "entry-failed"))
        return self._without(call, "failed")

    def _wrong(self, end: EntryEnd, keyed: str) -> str:
        """The prompt that tells what is wrong with the entry; "" when nothing is."""
        if end is not EntryEnd.DONE:
            return "no-entry"
        if len(keyed) not in self.identifier.lengths:
            return f"{self.collect}-wrong-length"
        return "" if self.identifier.check(keyed) else f"{self.collect}-wrong-check"

    async def _confirmed(self, call: Call, keyed: str) -> str:
        """``yes``, ``no`` or ``operator``; silence is asked once more and is then a no."""
        groups = Groups(self.identifier.grouped(keyed), private=not self.identifier.request)
        for _ in range(2):
            question = words(call, f"{self.collect}-confirm", digits=groups)
            key = await ask(call, question)
            if key == digits.END:  # pressed out of habit after the last digit, it cut the question short
                key = await ask(call, question)
            if key in ("1", "2", digits.BACK, digits.OPERATOR):
                return {"1": "yes", digits.OPERATOR: "operator"}.get(key, "no")
        return "no"

    async def _accept(self, call: Call, keyed: str) -> str:
        if not self.identifier.request:
            call.log(call.vault.seal(self.collect, keyed))
            return "then"
        await insist(call, words(call, "looking-up"))
        try:
            status = await call.requests.status(int(keyed))
        except LookupFailed:
            return "lookup-failed"
        call.log(TicketAsked(at=call.now(), ticket=int(keyed), found=status is not None))
        return "not-found" if status is None else "found"

    def _without(self, call: Call, why: str) -> str:
        call.log(Unidentified(at=call.now(), kind=self.collect, why=why))
        return why

    def edges(self) -> dict[str, str]:
        """Every way on; what is not given leads to ``then`` or to the flow's rescue."""
        on = self.then or target.RESCUE
        edges = {"failed": self.failed or on, "operator": self.operator or target.RESCUE, "back": target.BACK}
        if self.optional:
            edges["skipped"] = self.skipped or on
        if not self.identifier.request:
            return {"then": on, **edges}
        not_found, unknown = self.not_found or target.RESCUE, self.lookup_failed or target.RESCUE
        return {"found": self.found or on, "not-found": not_found, "lookup-failed": unknown, **edges}

    def silent(self) -> Iterable[str]:
        """A caller who keys nothing."""
        return ("failed",)

    def prompts(self) -> PromptSlots:
        """The identifier's own, and the errors."""
        lookup = {"looking-up": ()} if self.identifier.request else {}
        return {**self.identifier.prompts(), "no-entry": (), "entry-failed": (), **lookup}
