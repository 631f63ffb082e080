"""An operator in a test: a row in the hotline, a registered phone, and a hand on both."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.hotline import Hotline
from tests.e2e.phone import Phone

ALL_SECTIONS = ("technical", "registration", "payments", "documents", "account", "feedback")
SPEAKS_RUSSIAN = {"language.ru": 5, **dict.fromkeys(ALL_SECTIONS, 5)}
LOOK = 0.05
_ids = itertools.count(1)


@dataclass(slots=True)
class Operator:
    """Somebody who serves."""

    id: str
    phone: Phone
    hotline: Hotline

    async def ready(self) -> None:
        """Take calls."""
        await self.hotline.ask("POST", f"/operators/{self.id}/ready")

    async def not_ready(self, reason: str = "break") -> None:
        """Take no calls."""
        await self.hotline.ask("POST", f"/operators/{self.id}/not-ready", {"reason": reason})

    async def now(self) -> dict[str, Any]:
        """What the hotline knows of this operator."""
        return dict(await self.hotline.ask("GET", f"/operators/{self.id}"))

    async def becomes(self, state: str, within: float = 10.0) -> dict[str, Any]:
        """Wait until the hotline has this operator in ``state``."""
        now: dict[str, Any] = {}
        try:
            async with asyncio.timeout(within):
                while (now := await self.now())["state"] != state:
                    await asyncio.sleep(LOOK)
        except TimeoutError:
            raise AssertionError(f"{self.id} is not {state} within {within} s, but {now}") from None
        return now


@asynccontextmanager
async def operator(folder: Path, hotline: Hotline, skills: Mapping[str, int] | None = None) -> AsyncIterator[Operator]:
    """A new operator whose phone is registered, not ready yet; gone at the end of the block."""
    name = f"op{next(_ids)}"
    password = f"secret-of-{name}"
    body = {"id": name, "name": f"Operator {name}", "skills": dict(skills or SPEAKS_RUSSIAN), "password": password}
    await hotline.ask("POST", "/operators", body)
    phone = await Phone.start(folder)
    try:
        await phone.register(name, password, hotline.sip_port)
        yield Operator(name, phone, hotline)
    finally:
        await phone.close()
        await hotline.ask("DELETE", f"/operators/{name}")
