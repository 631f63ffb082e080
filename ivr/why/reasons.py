"""The decisions of a ticket, each with its account, and with another one if something is supposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ivr.calllog.events import AnyEvent, Decided
from ivr.messages import Message
from ivr.why.known import known
from ivr.why.supposed import SuppositionRefused, supposed
from routing.explain import replay
from routing.explain.account import Account, account
from routing.explain.snapshot import Snapshot
from routing.explain.suppose import NotKept, suppose
from routing.explain.written import FormUnknown, read
from routing.model import Operator


@dataclass(frozen=True, slots=True)
class Reason:
    """One decision. ``at``: seconds since 1970; ``otherwise``: as it would have been; None where nothing is supposed.

    ``unknown``: why it cannot be told, then nothing else is.
    """

    at: float
    account: Account | None = None
    otherwise: Account | None = None
    unknown: Message | None = None


def reasons(
    events: Iterable[AnyEvent], written: Sequence[str] = (), roster: Mapping[str, Operator] = MappingProxyType({})
) -> list[Reason]:
    """Of every decision in these events, supposing what was written. Raises SuppositionRefused.

    ``roster``: the operators as they are known today.
    """
    decided = [event for event in events if isinstance(event, Decided)]
    seen = [(event.at, _read(event)) for event in decided]
    there = [each for _, each in seen if isinstance(each, Snapshot)]
    what = supposed(written, known(there, roster)) if written and there else ()
    found = []
    for at, each in seen:
        if isinstance(each, Message):
            found.append(Reason(at, unknown=each))
            continue
        other = None
        if what:
            try:
                changed = suppose(each, what, roster)
            except NotKept as missing:
                raise SuppositionRefused(_not_kept(each, str(missing.args[0]))) from None
            other = account(changed, replay.operator(changed))
        found.append(Reason(at, account(each), other))
    return found


def _read(event: Decided) -> Snapshot | Message:
    try:
        return read(event.seen)
    except FormUnknown:
        return Message("why-form-unknown")


def _not_kept(seen: Snapshot, operator: str) -> Message:
    return Message("if-not-kept", operator=operator, named=len(seen.operators), all=seen.roster)
