"""The length of a piece of work: begun with a block, ended with it, and its failure the block's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def working(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
    """``work`` goes on for as long as this lasts; should it fail, so does the engine, which its supervisor restarts."""
    failure: Exception | None = None
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(work, name=name)
        try:
            yield
        except Exception as error:  # the group would wrap it; whoever raised it expects it bare
            failure = error
        finally:
            task.cancel()
    if failure is not None:
        raise failure
