"""Work that must take no time from calls: done by a process of its own, which makes way for them.

A thread would not do: it shares the interpreter's lock with every call. A process is tried first that runs only while
a core has nothing else to do; where the machine leaves it too little, another one with a small share of its own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import structlog

from ivr.messages import Message
from ivr.orphans import bound

T = TypeVar("T")
_log = structlog.get_logger(__name__)

PATIENCE = 8.0
"""Seconds for the process that runs only on idle cores, before one with a share is started in its place."""


class Lost(Exception):
    """The process gave no answer; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


async def apart(work: Callable[[], T], seconds: float, foreseen: tuple[type[Exception], ...] = ()) -> T:
    """What ``work`` answers in another process; it and its answer are pickled.

    ``seconds``: how long it may take once it has a share of a core. Raises Lost, and of what the work raises those
    ``foreseen``.
    """
    task = pickle.dumps((work, foreseen))
    try:
        done, answer = await _answered("idle", min(PATIENCE, seconds), task)
    except TimeoutError:
        _log.info("examined-with-a-share-of-a-core", idle_for_too_short_in_seconds=PATIENCE)
        try:
            done, answer = await _answered("nice", seconds, task)
        except TimeoutError:
            raise Lost(Message("apart-took-long", seconds=round(seconds))) from None
    if not done:
        raise answer
    return answer  # type: ignore[no-any-return]  # what the work returns


async def _answered(manner: str, seconds: float, task: bytes) -> tuple[bool, Any]:
    """Whether the work was done, and its answer, else what it raised. Raises TimeoutError, Lost."""
    child = f"from ivr.golive.gentle import {manner}; {manner}(); from {__name__} import main; main()"
    try:
        process = await asyncio.create_subprocess_exec(
            *bound([sys.executable, "-c", child]),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise Lost(Message("apart-cannot-start", why=str(error.strerror))) from None
    try:
        async with asyncio.timeout(seconds):
            told, cried = await process.communicate(task)
    finally:
        if process.returncode is None:
            _kill(process)
            await process.wait()
    if process.returncode:
        cry = cried.decode(errors="replace").strip()[-300:]
        raise Lost(Message("apart-ended", status=int(process.returncode), cry=cry))
    return pickle.loads(told)  # type: ignore[no-any-return]  # noqa: S301  our own child's words, by a pipe of its own


def _kill(process: Process) -> None:
    """The process with all that it has started; by itself as long as it has no group of its own."""
    with suppress(ProcessLookupError):
        process.kill()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    """Do what stdin tells; only the answer reaches stdout."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    work, foreseen = pickle.load(sys.stdin.buffer)  # noqa: S301  our parent's words
    answer: tuple[bool, object]
    try:
        answer = True, work()
    except foreseen as error:
        answer = False, error
    with answers:
        pickle.dump(answer, answers)
