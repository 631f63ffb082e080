"""/api/v1/live: a WebSocket that tells of every change, and goes on where a lost connection ended."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

from aiohttp import WSCloseCode, web
from pydantic import Field

from ivr.desk import cookie
from ivr.desk.changes import Changes
from ivr.desk.fields import Body
from ivr.desk.page_phones import PAGE_PHONES, PageId
from ivr.desk.problems import Problem
from ivr.desk.roles import READERS, Principal
from ivr.desk.routes import ACCESS, PRINCIPAL, Routes
from ivr.desk.sockets import open_socket

BEAT = 10.0
"""Seconds between two signs of life, each of which asks anew whether the listener still may."""

SLOW = 10.0
"""Seconds that a listener may take to take a message."""

SIGNED_OUT = 4401

CHANGES: web.AppKey[Changes] = web.AppKey("changes", Changes)

routes = Routes()


class From(Body):
    """Where to go on: the last ``seq`` that was seen, and the ``run`` that the picture before it named.

    ``page``: which page listens; an operator's phone in it is theirs for as long as it does.
    """

    after: Annotated[int, Field(ge=0, le=2**53)] = 0
    run: Annotated[str, Field(max_length=32)] = ""
    page: PageId = ""


@routes.get("/api/v1/live", roles=READERS)
async def live(request: web.Request, *, query: From) -> web.WebSocketResponse:
    """Every change from now on, or from ``after`` on; ``reset`` is the whole picture, and comes when that is lost."""
    who, changes = request[PRINCIPAL], request.app[CHANGES]
    socket = await open_socket(request)
    with changes.listening(), request.app[PAGE_PHONES].here(query.page):
        async with asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(_tell(request, socket, changes, who, query))
            async for _ in socket:
                pass  # nothing is asked by these
            telling.cancel()
    return socket


async def _tell(
    request: web.Request, socket: web.WebSocketResponse, changes: Changes, who: Principal, query: From
) -> None:
    seq = query.after if changes.resumes(query.run, query.after) else -1
    try:
        while True:
            newer = changes.after(seq)
            if newer is None:
                seq = changes.seq
                await _send(socket, json.dumps(changes.picture(who)))
                continue
            for change in newer:
                if text := change.text(who):
                    await _send(socket, text)
            seq = newer[-1].seq if newer else seq
            try:
                async with asyncio.timeout(BEAT):
                    await changes.news(seq)
            except TimeoutError:
                await request.app[ACCESS].admit(request, READERS)
                await _send(socket, json.dumps({"seq": seq, "type": "beat"}))
    except Problem:
        request.app[PAGE_PHONES].session_over(who.user, cookie.read(request))
        await socket.close(code=SIGNED_OUT)
    except (ConnectionError, TimeoutError):
        await socket.close(code=WSCloseCode.GOING_AWAY)


async def _send(socket: web.WebSocketResponse, text: str) -> None:
    async with asyncio.timeout(SLOW):
        await socket.send_str(text)
