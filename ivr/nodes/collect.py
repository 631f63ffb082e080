"""``collect``: a number is keyed, checked, read back and confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from ivr.identifiers import any_id
from ivr.identifiers.registry import Identifier
from ivr.messages import Message, Unfit
from ivr.speech import Groups, Number, Prompt, Speech

if TYPE_CHECKING:
    from ivr.call import Call

MOST_RESTARTS = 5
"""How often ``*`` begins the entry anew before that counts as a failed attempt."""

WHICH = "any-id-which"
"""The prompt that offers one of the identifiers that the digits may be."""

_CONFIRMED = frozenset(("then", "found", "not-found", "lookup-failed", "operator"))
"""Edges of a number that is known and confirmed, and of who asks for a person instead."""

_LEAVING = {EntryEnd.OPERATOR: "operator", EntryEnd.BACK: "back"}


@node("collect")
class Collect(Node):
    """Asks for an identifier. ``#`` ends (or skips), ``*`` begins anew or goes back, ``0`` alone reaches a person.

    ``any-id`` takes whichever the caller has, and asks which it is when the digits may be two; it may be a request's
    number where ``found`` says where that leads.
    """

    collect: str = Field(
        description="the identifier: a file of ivr/identifiers; any-id: whichever they have",
        json_schema_extra=lambda schema: schema.update(enum=[*sorted(any_id.names())]),
    )
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
        if name not in any_id.names():
            raise Unfit(Message("no-such-identifier", name=name), did_you_mean(name, any_id.names()))
        return name

    @model_validator(mode="after")
    def _continues(self) -> Collect:
        requests, personal = self._holds(request=True), self._holds(request=False)
        if requests and self.found is None:
            raise Unfit(Message("key-missing", key="found"), Message("add-found"))
        if personal and self.then is None:
            raise Unfit(Message("key-missing", key="then"), Message("add-then"))
        if not requests and (self.found or self.not_found or self.lookup_failed):
            raise Unfit(Message("not-looked-up", name=self.collect), Message("take-lookup-out"))
        return self

    @property
    def kinds(self) -> tuple[Identifier, ...]:
        """What may be keyed."""
        return any_id.candidates(self.collect, requests=self.found is not None)

    def _holds(self, *, request: bool) -> bool:
        return any(kind.request is request for kind in self.kinds)

    async def run(self, call: Call) -> str:
        """``then`` or ``found`` with a right number; else one of the other edges."""
        attempt = restarts = 0
        cut = False
        while attempt < self.attempts:
            entry = await enter(call, words(call, f"{self.collect}-ask"), any_id.lengths(self.kinds))
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
            if answer in _CONFIRMED:
                return answer
            attempt += 1
            if wrong and attempt < self.attempts:
                await insist(call, words(call, wrong))
        await insist(call, words(call, "entry-failed"))
        return self._without(call, "failed")

    def _wrong(self, end: EntryEnd, keyed: str) -> str:
        """The prompt that tells what is wrong with the entry; "" when nothing is."""
        if end is not EntryEnd.DONE:
            return "no-entry"
        if len(keyed) not in any_id.lengths(self.kinds):
            return f"{self.collect}-wrong-length"
        return "" if any_id.fitting(self.kinds, keyed) else f"{self.collect}-wrong-check"

    async def _confirmed(self, call: Call, keyed: str) -> str:
        """The outcome of what was keyed once it is known and confirmed; ``no`` when it is not."""
        kinds = any_id.fitting(self.kinds, keyed)
        kind = kinds[0] if len(kinds) == 1 else await _which(call, kinds)
        if not isinstance(kind, Identifier):
            return kind
        groups = Groups(kind.grouped(keyed), private=not kind.request)
        question = words(call, f"{kind.name}-confirm", digits=groups)
        key = await _answer(call, question, "12")
        if key == "1":
            return await _accept(call, kind, keyed)
        return "operator" if key == digits.OPERATOR else "no"

    def _without(self, call: Call, why: str) -> str:
        call.log(Unidentified(at=call.now(), kind=self.collect, why=why))
        return why

    def edges(self) -> dict[str, str]:
        """Every way on; what is not given leads to ``then`` or to the flow's rescue."""
        on = self.then or target.RESCUE
        edges = {"failed": self.failed or on, "operator": self.operator or target.RESCUE, "back": target.BACK}
        if self.optional:
            edges["skipped"] = self.skipped or on
        if self._holds(request=False):
            edges["then"] = on
        if self._holds(request=True):
            edges["found"] = self.found or on
            edges["not-found"] = self.not_found or target.RESCUE
            edges["lookup-failed"] = self.lookup_failed or target.RESCUE
        return edges

    def silent(self) -> Iterable[str]:
        """A caller who keys nothing."""
        return ("failed",)

    def erring(self) -> Iterable[str]:
        """A caller who keys wrong numbers, or a number that nothing has."""
        return ("failed", "not-found") if self._holds(request=True) else ("failed",)

    def prompts(self) -> PromptSlots:
        """The identifier's own, and the errors."""
        errors = (f"{self.collect}-{word}" for word in ("ask", "wrong-length", "wrong-check"))
        said: dict[str, tuple[str, ...]] = dict.fromkeys((*errors, "no-entry", "entry-failed"), ())
        said |= {f"{kind.name}-confirm": ("digits",) for kind in self.kinds}
        if self._holds(request=True):
            said["looking-up"] = ()
        if len(self.kinds) > 1:
            said |= {WHICH: ("kind", "key"), **{f"{kind.name}-name": () for kind in self.kinds}}
        return said


async def _which(call: Call, kinds: Sequence[Identifier]) -> Identifier | str:
    """Which of these the caller meant, where the digits may be any of them; ``operator`` or ``no`` for none."""
    question: Speech = ()
    for number, kind in enumerate(kinds, 1):
        question += words(call, WHICH, kind=Prompt(f"{kind.name}-name"), key=Number(number))
    key = await _answer(call, question, "".join(str(number) for number, _ in enumerate(kinds, 1)))
    if key.isdigit() and key != digits.OPERATOR:
        return kinds[int(key) - 1]
    return "operator" if key == digits.OPERATOR else "no"


async def _answer(call: Call, question: Speech, keys: str) -> str:
    """One of ``keys``, ``0`` or ``*``; silence and other keys are asked once more and are then "" for none."""
    for _ in range(2):
        key = await ask(call, question)
        if key == digits.END:  # pressed out of habit after the last digit, it cut the question short
            key = await ask(call, question)
        if key is not None and key in keys + digits.BACK + digits.OPERATOR:
            return key
    return ""


async def _accept(call: Call, kind: Identifier, keyed: str) -> str:
    if not kind.request:
        call.log(call.vault.seal(kind.name, kind.normal(keyed)))
        return "then"
    await insist(call, words(call, "looking-up"))
    try:
        status = await call.requests.status(int(keyed))
    except LookupFailed:
        return "lookup-failed"
    operator = status.operator if status is not None else ""
    call.log(TicketAsked(at=call.now(), ticket=int(keyed), found=status is not None, operator=operator))
    return "not-found" if status is None else "found"
