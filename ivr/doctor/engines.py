"""Where several engines are to meet, do they?"""

from __future__ import annotations

from collections.abc import Iterator

from redis import AuthenticationError, Redis, RedisError

from ivr.doctor.finding import Finding, Level
from ivr.settings import Settings

ANSWER_SECONDS = 2.0
OLDEST = (7, 0)
"""The oldest Redis that is tested; Valkey tells 7.2 of itself, for its age."""


def meeting_place(settings: Settings) -> Iterator[Finding]:
    """Whether the Redis of IVR_REDIS_URL answers; without that variable there is nothing to look at."""
    if not settings.redis_url:
        return
    try:
        with Redis.from_url(
            settings.redis_url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, retry=None
        ) as redis:
            version = str(redis.info("server")["redis_version"])
    except AuthenticationError as error:
        mend = "mend user and password in IVR_REDIS_URL; meanwhile this engine routes alone"
        yield Finding("redis", Level.WARN, f"Redis refuses us: {error}", mend)
    except (RedisError, OSError) as error:
        mend = "start Redis, or mend IVR_REDIS_URL; meanwhile this engine routes alone"
        yield Finding("redis", Level.WARN, f"Redis does not answer: {error}", mend)
    else:
        yield _judged(version)


def _judged(version: str) -> Finding:
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        return Finding("redis", Level.WARN, f"Redis {version} is old", "take Redis 7 or Valkey")
    return Finding("redis", Level.OK, f"answers, version {version}")
