"""An account in words, a line for each thing that it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.messages import Message
from ivr.rostered import SERVES, SPEAKS
from ivr.why.reasons import Reason
from routing.alternatives import alternatives
from routing.demand import written
from routing.explain.account import Account, Out, Rule
from routing.fleet.proxy import PHONE
from routing.model import Needs

SHOWN = 12
"""Operators ruled out who are told of one by one, at most."""

_BECAUSE = {
    "longest-idle": "why-longest-idle",
    "best-skilled": "why-best-skilled",
    "least-occupied": "why-least-occupied",
    "round-robin": "why-round-robin",
}

_STATES = {
    "offline": "why-offline",
    "offered": "why-offered",
    "talking": "why-talking",
    "after-call-work": "why-after-call",
    "not-ready": "why-not-ready",
}


def told(reason: Reason) -> Iterator[Message]:
    """What is to be told of one decision, and of what it would have been."""
    if reason.account is None:
        yield reason.unknown or Message("why-form-unknown")
        return
    yield _headline(reason.account)
    yield from _details(reason.account)
    if reason.otherwise is not None:
        yield _verdict(reason.account, reason.otherwise)
        yield from _details(reason.otherwise)


def _headline(it: Account) -> Message:
    if not it.chosen:
        return Message("why-nobody", queue=it.seen.queue.name)
    return Message("why-chosen", operator=it.chosen, because=_because(it))


def _verdict(before: Account, then: Account) -> Message:
    if then.chosen == before.chosen:
        return Message("if-same", operator=then.chosen) if then.chosen else Message("if-still-nobody")
    return Message("if-other", operator=then.chosen) if then.chosen else Message("if-nobody")


def _because(it: Account) -> Message:
    contact = it.seen.contact
    if contact.held and contact.contact.operator == it.chosen:
        return Message("why-own")
    if it.seen.freed and len(it.eligible) == 1:
        return Message("why-freed")
    if len(it.eligible) == 1 and it.seen.free <= 1:
        return Message("why-only")
    if it.lots:
        return Message("why-lot")
    strategy = it.seen.queue.strategy
    key = _BECAUSE.get(strategy)
    return Message(key) if key is not None else Message("why-strategy", strategy=strategy)


def _details(it: Account) -> Iterator[Message]:
    seen = it.seen
    waited = Message("why-seconds", seconds=round(it.waited))
    yield Message("why-demand", queue=seen.queue.name, waited=waited, needs=_needs(it.needs))
    yield Message("why-counts", able=seen.able, roster=seen.roster, free=seen.free)
    if it.eligible[1:]:
        yield Message("why-might" if it.lots else "why-next", operators=it.eligible[1:])
    if it.out:
        yield Message("why-out", each=tuple(_out(each) for each in it.out[:SHOWN]))
    if left := len(it.out[SHOWN:]) + it.unnamed:
        yield Message("why-unnamed", count=left)
    if it.ahead:
        yield Message("why-ahead", operator=it.chosen, each=tuple(_out(each) for each in it.ahead))
    if it.elsewhere:
        yield Message("why-elsewhere", operator=it.chosen, call=it.elsewhere)
    if it.change is not None:
        after = Message("why-seconds", seconds=max(1, round(it.change.after)))
        who = it.change.operator
        yield Message("why-change", after=after, operator=who) if who else Message("why-change-nobody", after=after)
    elif it.chosen == "" and not seen.able:
        yield Message("why-none-able")


def _out(out: Out) -> Message:
    until = Message("why-until", seconds=max(1, round(out.until))) if out.until is not None else ""
    match out.rule:
        case Rule.LACKS:
            return Message("why-lacks", who=out.who, skill=_lack(out.detail), until=until)
        case Rule.HELD:
            return Message("why-held", who=out.who, operator=out.detail, until=until)
        case Rule.REFUSED:
            return Message("why-refused", who=out.who, until=until)
        case Rule.LEFT_FREE:
            return Message("why-left-free", who=out.who, skill=out.detail)
    reason = f" ({out.reason})" if out.reason else ""
    return Message("why-state", who=out.who, state=Message(_STATES.get(out.detail, "why-not-ready")), reason=reason)


def _needs(needs: Needs) -> tuple[str, ...] | Message:
    said = tuple(_said(skill, written(skill, level)) for skill, level in needs.items() if not skill.startswith(PHONE))
    return said or Message("why-anybody")


def _lack(lack: str) -> str:
    return _said(lack.rpartition(":")[0], lack)


def _said(skill: str, otherwise: str) -> str:
    for prefix, key in _SKILLS.items():
        if skill.startswith(prefix) and not alternatives(skill):
            return Message(key, name=skill.removeprefix(prefix))
    return otherwise


_SKILLS: Mapping[str, str] = {SPEAKS: "why-language", SERVES: "why-queue", PHONE: "why-phone"}
