"""Reasons as programs read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ivr.why.reasons import Reason
from ivr.why.words import told
from routing.explain.account import Account, Out


def reason_view(reason: Reason, language: str) -> dict[str, Any]:
    """One decision: what was decided, what follows of what was seen, and all of it in words."""
    at = datetime.fromtimestamp(reason.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "at": at,
        "decided": _account(reason.account) if reason.account is not None else None,
        "otherwise": _account(reason.otherwise) if reason.otherwise is not None else None,
        "words": [line.told(language) for line in told(reason)],
    }


def _account(it: Account) -> dict[str, Any]:
    seen = it.seen
    return {
        "operator": it.chosen,
        "queue": seen.queue.name,
        "strategy": seen.queue.strategy,
        "freed": seen.freed,
        "waited": round(it.waited, 3),
        "needs": dict(it.needs),
        "eligible": list(it.eligible),
        "by_lot": it.lots,
        "ruled_out": [_out(each) for each in it.out],
        "unnamed": it.unnamed,
        "able": seen.able,
        "free": seen.free,
        "roster": seen.roster,
        "ahead": [_out(each) for each in it.ahead],
        "elsewhere": it.elsewhere,
        "change": {"after": round(it.change.after, 3), "operator": it.change.operator} if it.change else None,
    }


def _out(out: Out) -> dict[str, Any]:
    until = None if out.until is None else round(out.until, 3)
    return {"who": out.who, "rule": out.rule.value, "detail": out.detail, "reason": out.reason, "until": until}
