"""The kernel tells of each change that matters, wherever it happens below the configuration's folder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from watchfiles import Change, awatch

from ivr.golive import watching
from ivr.golive.watching import Watch, matters


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(watching, "QUIET", 20)
    for name in ("dialplans", "recordings/prompts/ru"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[asyncio.Queue[None]]:
    """Each change that is told; the watch is known to run once this begins."""
    told: asyncio.Queue[None] = asyncio.Queue()

    async def changed() -> None:
        told.put_nowait(None)

    task = asyncio.create_task(Watch(folder, changed).run())
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def told_of(told: asyncio.Queue[None], path: Path) -> None:
    """Until a change of this file is told; it is written again until the kernel's watch has begun."""
    for attempt in range(50):
        path.write_text(str(attempt))
        try:
            async with asyncio.timeout(0.4):
                await told.get()
                return
        except TimeoutError:
            continue
    raise AssertionError(f"nobody was told of {path}")


@pytest.mark.parametrize("name", ["queues.yaml", "dialplans/main.yaml", "recordings/prompts/ru/welcome.txt"])
async def test_a_change_is_told_wherever_it_is(folder: Path, name: str) -> None:
    async with watched(folder) as told:
        await told_of(told, folder / name)


async def test_a_folder_that_is_replaced_is_watched_on(folder: Path) -> None:
    async with watched(folder) as told:
        await told_of(told, folder / "dialplans/main.yaml")
        (folder / "dialplans").rename(folder / "before")
        (folder / "dialplans").mkdir()
        await told_of(told, folder / "dialplans/main.yaml")


async def test_a_kernel_that_watches_no_more_folders_ends_no_engine(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of inotify watches is the machine's, shared with every editor on it."""
    refusals = iter(range(3))

    def limited(*paths: Path, **options: Any) -> Any:
        if next(refusals, None) is not None:
            raise OSError("OS file watch limit reached")
        return awatch(*paths, **options)

    monkeypatch.setattr(watching, "awatch", limited)
    monkeypatch.setattr(watching, "AGAIN", 0.01)
    async with watched(folder) as told:
        await told_of(told, folder / "queues.yaml")


@pytest.mark.parametrize("name", ["dialplans/.main.yaml.swp", "dialplans/main.yaml~", "CHANGELOG.md"])
def test_an_editors_own_files_are_nobodys_change(name: str) -> None:
    assert not matters(Change.modified, f"/config/{name}")
