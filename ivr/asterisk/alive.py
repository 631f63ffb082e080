"""Whether Asterisk still works: a stopped one accepts connections by its backlog, but greets nobody."""

from __future__ import annotations

import asyncio

GREETING_SECONDS = 3.0


async def greets(port: int) -> bool:
    """Whether the manager interface on this machine greets who connects."""
    writer = None
    try:
        async with asyncio.timeout(GREETING_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            return (await reader.readline()).startswith(b"Asterisk")
    except OSError:  # TimeoutError is one
        return False
    finally:
        if writer is not None:
            writer.close()
