"""The writer in a process of its own: neither the database's work nor its failures take time from calls."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import structlog

from ivr.calllog.frames import Begin, Frames, Outcome, Write, frame, outcome, told
from ivr.calllog.segments import Lines
from ivr.messages import Message
from ivr.tickets.faults import DatabaseAway, DatabaseError

_log = structlog.get_logger(__name__)

COMMAND = (sys.executable, "-m", "ivr.calllog.writer_main")
SOURCE = str(Path(__file__).resolve().parents[2])


class WriterProcess:
    """A Writer whose process is started when there is something to write, and again when it was lost.

    It ends by itself when this process does, however that ends. ``limit``: seconds for one write; ``farewell``: to end.
    """

    def __init__(self, database_url: str, folder: Path, *, limit: float = 60.0, farewell: float = 5.0) -> None:
        self._begin = Begin(database_url, str(folder))
        self._limit, self._farewell = limit, farewell
        self._pipes: _Pipes | None = None
        self._number = 0

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._pipes.transport.get_pid() if self._pipes is not None else None

    async def start(self) -> None:
        """Have it made ready before there is something to write, which need not wait for it then."""
        if self._pipes is None:
            self._pipes = await self._started()

    async def write(self, lines: Lines) -> None:
        """As Writer.write; one at a time."""
        self._number += 1
        try:
            async with asyncio.timeout(self._limit):
                await self.start()
                assert self._pipes is not None
                done = await self._pipes.ask(Write(self._number, lines))
        except (TimeoutError, _Lost, OSError) as error:
            slow = isinstance(error, TimeoutError)
            await self.close(farewell=0)
            raise DatabaseAway(
                Message("writer-silent", seconds=self._limit) if slow else Message("writer-lost")
            ) from None
        if done.why:
            raise (DatabaseAway if done.away else DatabaseError)(told(done.why))

    async def close(self, *, farewell: float | None = None) -> None:
        """End the process: it finishes what it writes, within ``farewell`` seconds."""
        pipes, self._pipes = self._pipes, None
        if pipes is not None:
            await pipes.end(self._farewell if farewell is None else farewell)

    async def _started(self) -> _Pipes:
        loop = asyncio.get_running_loop()
        _, pipes = await loop.subprocess_exec(
            _Pipes,
            *COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None,
            start_new_session=True,  # Ctrl-C is for the engine, which then has last words to write
            env={**os.environ, "PYTHONPATH": SOURCE},
        )
        pipes.send(frame(self._begin))
        _log.info("call log: the process that writes tickets has started", pid=pipes.transport.get_pid())
        return pipes


class _Lost(Exception):
    """The process ended."""


class _Pipes(asyncio.SubprocessProtocol):
    """One process, from its start to its end."""

    transport: asyncio.SubprocessTransport

    def __init__(self) -> None:
        self._frames = Frames()
        self._waiting: tuple[int, asyncio.Future[Outcome]] | None = None
        self.ended = asyncio.Event()

    def send(self, data: bytes) -> None:
        """To the process."""
        self._stdin().write(data)

    async def ask(self, message: Write) -> Outcome:
        """What comes of it. Raises _Lost."""
        if self.ended.is_set():
            raise _Lost
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting = message.number, future
        self.send(frame(message))
        return await future

    async def end(self, farewell: float) -> None:
        """Have it end by itself when it has finished, else by force."""
        try:
            self._stdin().close()
            async with asyncio.timeout(farewell):
                await self.ended.wait()
        except TimeoutError:
            self.transport.kill()
            await self.ended.wait()
        finally:
            self.transport.close()

    def _stdin(self) -> asyncio.WriteTransport:
        return cast(asyncio.WriteTransport, self.transport.get_pipe_transport(0))

    # What follows is called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of asyncio.SubprocessProtocol."""
        self.transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Part of asyncio.SubprocessProtocol. An answer that nobody waits for any more is passed over."""
        for body in self._frames.feed(data):
            told = outcome(body)
            if self._waiting is not None and self._waiting[0] == told.number and not self._waiting[1].done():
                self._waiting[1].set_result(told)

    def process_exited(self) -> None:
        """Part of asyncio.SubprocessProtocol."""
        self.ended.set()
        if self._waiting is not None and not self._waiting[1].done():
            self._waiting[1].set_exception(_Lost())
