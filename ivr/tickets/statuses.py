"""The statuses of a request, their names, and which may follow which."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.messages import Message

REGISTERED = "registered"
"""The status in which every request begins."""

PAUSED = "waiting-for-documents"
"""The status in which a request's term stands still."""

CALLBACK_WAITING = "waiting"
"""The status in which every callback begins."""


@dataclass(frozen=True, slots=True)
class Status:
    """A status: its names by language, and the keys of the statuses that may follow."""

    key: str
    names: dict[str, str]
    next: tuple[str, ...] = ()


class StatusRefused(ValueError):
    """The status does not exist, or may not follow the present one; the message says which may."""


_ACTIVE = (PAUSED, "done", "refused", "approved", "rejected")
_TABLE = (
    Status(REGISTERED, {"ru": "Принято", "en": "Registered", "tt": "Кабул ителде"}, ("in-progress", "done", "refused")),
    Status("in-progress", {"ru": "В работе", "en": "In progress", "tt": "Эшкәртелә"}, _ACTIVE),
    Status(
        PAUSED,
        {"ru": "Ожидание документов", "en": "Waiting for documents", "tt": "Документлар көтелә"},
        ("in-progress", "done", "refused", "approved", "rejected"),
    ),
    Status("done", {"ru": "Завершено", "en": "Done", "tt": "Тәмамланды"}),
    Status("refused", {"ru": "Отказано", "en": "Refused", "tt": "Кире кагылды"}, (REGISTERED,)),
    Status("approved", {"ru": "Одобрено", "en": "Approved", "tt": "Хупланды"}, ("done",)),
    Status("rejected", {"ru": "Отклонено", "en": "Rejected", "tt": "Кабул ителмәде"}, (REGISTERED,)),
)
STATUSES: dict[str, Status] = {status.key: status for status in _TABLE}
"""By key. A refused or rejected request may be raised again after correction."""

OPEN = tuple(status.key for status in _TABLE if status.key in (REGISTERED, "in-progress", PAUSED))
"""Statuses of requests that somebody still has to do something about."""


def require(before: str, after: str) -> None:
    """Raises StatusRefused unless ``after`` may follow ``before``."""
    if after not in STATUSES:
        raise StatusRefused(Message("status-unknown", status=after, statuses=tuple(STATUSES)))
    allowed = STATUSES[before].next if before in STATUSES else tuple(STATUSES)
    if after not in allowed:
        may = allowed or (Message("status-final"),)
        raise StatusRefused(Message("status-forbidden", after=after, before=before, may=may))
