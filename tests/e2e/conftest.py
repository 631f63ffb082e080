"""One hotline for all tests of real calls; callers and operators for each."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.prompts.catalogue import Catalogue
from tests.e2e.caller import Caller, caller
from tests.e2e.hotline import PROJECT, Hotline, hotline
from tests.e2e.operators import Operator, operator

NewCaller = Callable[..., Awaitable[Caller]]
NewOperator = Callable[..., Awaitable[Operator]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that are given most time begin first: none of them is to run alone at the end, beside idle workers."""
    items.sort(key=_limit, reverse=True)


def _limit(item: pytest.Item) -> float:
    mark = item.get_closest_marker("timeout") if item.get_closest_marker("e2e") else None
    return float(mark.args[0]) if mark else 0.0


@pytest.fixture(scope="session")
def line() -> Iterator[Hotline]:
    """The hotline that most tests share."""
    with hotline() as running:
        yield running


@pytest.fixture(scope="module")
def prompts(line: Hotline) -> Catalogue:
    """What the hotline says."""
    return Catalogue.load(PROJECT / "recordings/prompts", line.prompts)


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """Everything that a test opens, closed in order at its end."""
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
def new_caller(line: Hotline, prompts: Catalogue, stack: AsyncExitStack, tmp_path: Path) -> NewCaller:
    """Makes callers: ``await new_caller()``."""
    count = itertools.count(1)

    async def make(number: str = "") -> Caller:
        return await stack.enter_async_context(caller(tmp_path / f"caller-{next(count)}", line, prompts, number))

    return make


@pytest.fixture
def new_operator(line: Hotline, stack: AsyncExitStack, tmp_path: Path) -> NewOperator:
    """Makes operators whose phones are registered, ready unless told otherwise."""
    count = itertools.count(1)

    async def make(skills: dict[str, int] | None = None, *, ready: bool = True, **policy: object) -> Operator:
        folder = tmp_path / f"operator-{next(count)}"
        made = await stack.enter_async_context(operator(folder, line, skills))
        if policy:
            await made.phone.on_ring(**policy)
        if ready:
            await made.ready()
        return made

    return make
