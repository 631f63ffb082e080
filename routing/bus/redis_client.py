"""A client of Redis whose commands each have a limit, and can be cancelled at any moment."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

ANSWER_SECONDS = 1.0
"""How long Redis may take to answer before it counts as not reached; longer than a read waits for news."""


def client(url: str) -> Redis:
    """A client that tries once; who uses it says ``async with answered()`` around each command.

    Without a time-out of its own: redis-py (8.1) keeps one by asyncio.wait_for, which on Python 3.11 takes a
    cancellation for an answer when both come in one turn of the loop (python/cpython#86296), so that a task which was
    cancelled while it connects goes on for ever. asyncio.timeout, which connecting uses, does not.
    """
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_timeout=None, socket_connect_timeout=ANSWER_SECONDS, retry=once)


def answered() -> asyncio.Timeout:
    """``async with answered():`` raises TimeoutError when Redis has not answered in time."""
    return asyncio.timeout(ANSWER_SECONDS)
