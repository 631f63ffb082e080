"""Idempotency-Key (IETF's draft of that name): a POST that is sent again with its key is answered as the first time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from ivr.desk.problems import FieldError, Problem
from ivr.desk.roles import Principal
from ivr.tickets.answers import Kept

HEADER = "Idempotency-Key"

_KEY = re.compile(r"[!-~]{1,64}")


class AnswerStore(Protocol):
    """ivr.tickets.answers.Answers, as far as it is used here. Every method raises DatabaseError."""

    async def begin(self, key: str, body: bytes) -> Kept | None:
        """None: it is the first request with this key; otherwise what came of the first."""
        ...

    async def done(self, key: str, answer: str) -> None:
        """Keep the answer."""
        ...

    async def failed(self, key: str) -> None:
        """Forget the key: nothing was done."""
        ...


ANSWERS: web.AppKey[AnswerStore] = web.AppKey("answers", AnswerStore)

Doing = Callable[[], Awaitable[BaseModel | web.StreamResponse | None]]


async def once(request: web.Request, who: Principal, do: Doing) -> BaseModel | web.StreamResponse | str | None:
    """What ``do`` answers, or the text of what it answered the first time. Raises Problem for a key used otherwise."""
    given = request.headers.get(HEADER, "")
    if _KEY.fullmatch(given) is None:
        raise Problem("values-wrong", errors=[FieldError(HEADER, "key_wrong", {})])
    store = request.app[ANSWERS]
    key = hashlib.sha256("\0".join((who.name, who.role, request.path, given)).encode()).hexdigest()
    kept = await store.begin(key, await request.read())
    if kept is not None:
        return _again(kept)
    try:
        answer = await do()
    except BaseException:
        await store.failed(key)
        raise
    await (store.done(key, answer.model_dump_json()) if isinstance(answer, BaseModel) else store.failed(key))
    return answer


def _again(kept: Kept) -> str:
    if not kept.same:
        raise Problem("key-used-otherwise")
    if not kept.answer:
        raise Problem("key-in-use", headers={"Retry-After": "1"})
    return kept.answer
