"""Browsers' phones: what they register with, and the way to Asterisk's WebSocket, which is open to nobody else."""

from __future__ import annotations

import asyncio
import re
from typing import Protocol

from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType, web
from pydantic import BaseModel

from ivr.desk import cookie
from ivr.desk.fields import Body
from ivr.desk.operators import OPERATORS, own, refusals
from ivr.desk.page_phones import PAGE_PHONES, PageId
from ivr.desk.problems import Problem
from ivr.desk.roles import PUBLIC, STAFF
from ivr.desk.routes import Routes
from ivr.desk.sockets import MESSAGE_LIMIT, open_socket

_ONE = "/api/v1/operators/{id:[a-z][a-z0-9-]{0,31}}"
_FROM_LINE = re.compile(r"^(?:from|f)[ \t]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_SENDER = re.compile(r"""[ \t]*(?:"[^"\\\r\n]*"[ \t]*)?<sips?:([^@>;\s]+)@[^>\s]+>[^<>\r\n]*\r?""")

CONNECT = 5.0
"""Seconds that Asterisk may take to answer."""


class PhoneAnswer(BaseModel):
    """What a page's phone registers with, at the WebSocket ``path`` (subprotocol ``sip``), until there is another."""

    user: str
    password: str
    realm: str
    path: str


class Taking(Body):
    """``page``: the page whose connection to /api/v1/live the phone needs to stay; "" where nobody watches that."""

    page: PageId = ""


class BrowserPhones(Protocol):
    """What is asked of the hotline."""

    ws_port: int
    realm: str
    caller: str

    def caller_password(self) -> str:
        """The password of the caller's phone in the page; "" where there is none: only in development there is."""
        ...


PHONES: web.AppKey[BrowserPhones] = web.AppKey("phones", BrowserPhones)

routes = Routes()


@routes.post(f"{_ONE}/browser-phone", roles=STAFF)
async def use_browser_phone(request: web.Request, *, query: Taking) -> PhoneAnswer:
    """The operator's phone is the one in their page from now on; every earlier one is refused."""
    phones = request.app[PHONES]
    with refusals(own(request)) as id:
        password = await request.app[OPERATORS].browser_phone(id)
        request.app[PAGE_PHONES].taken(id, query.page, cookie.read(request))
    if password is None:
        raise Problem("phones-away", headers={"Retry-After": "5"})
    return PhoneAnswer(user=id, password=password, realm=phones.realm, path=f"/api/v1/operators/{id}/sip")


@routes.delete(f"{_ONE}/browser-phone", roles=STAFF)
async def use_own_phone(request: web.Request) -> None:
    """The operator's phone is their own again."""
    with refusals(own(request)) as id:
        await request.app[OPERATORS].own_phone(id)
        request.app[PAGE_PHONES].returned(id)


@routes.get(f"{_ONE}/sip", roles=STAFF)
async def operator_sip(request: web.Request) -> web.WebSocketResponse:
    """SIP over WebSocket (RFC 7118) between the operator's page and Asterisk."""
    return await _relay(request, own(request))


@routes.post("/api/v1/caller-phone", roles=PUBLIC)
async def caller_phone(request: web.Request) -> PhoneAnswer:
    """What the page /phone calls with; in development only."""
    cookie.refuse_other_sites(request)
    phones = _development(request)
    return PhoneAnswer(
        user=phones.caller, password=phones.caller_password(), realm=phones.realm, path="/api/v1/caller-phone/sip"
    )


@routes.get("/api/v1/caller-phone/sip", roles=PUBLIC)
async def caller_sip(request: web.Request) -> web.WebSocketResponse:
    """SIP over WebSocket between the page /phone and Asterisk; in development only."""
    cookie.refuse_other_sites(request)
    return await _relay(request, _development(request).caller)


def _development(request: web.Request) -> BrowserPhones:
    """Raises Problem elsewhere than in development, and for a name that another site's page could have given us."""
    phones = request.app[PHONES]
    if not phones.caller_password() or request.url.host not in cookie.LOCAL:
        raise Problem("path-unknown")
    return phones


async def _relay(request: web.Request, user: str) -> web.WebSocketResponse:
    """Messages go both ways until either side ends; a browser speaks as ``user`` only."""
    page = await open_socket(request, "sip")
    url = f"ws://127.0.0.1:{request.app[PHONES].ws_port}/ws"
    timeout = ClientTimeout(total=None, connect=CONNECT)
    try:
        async with ClientSession(timeout=timeout) as client:
            async with asyncio.timeout(CONNECT):
                asterisk = await client.ws_connect(url, protocols=("sip",), max_msg_size=MESSAGE_LIMIT)
            async with asterisk:
                await _both_ways(page, asterisk, user)
    except (ClientError, OSError, TimeoutError):
        await page.close(code=1013, message=b"Asterisk is away")
    return page


async def _both_ways(page: web.WebSocketResponse, asterisk: ClientWebSocketResponse, user: str) -> None:
    there = asyncio.create_task(_to_asterisk(page, asterisk, user))
    back = asyncio.create_task(_to_page(asterisk, page))
    try:
        await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (there, back):
            task.cancel()
        await asyncio.gather(there, back, return_exceptions=True)
        await page.close()


async def _to_asterisk(page: web.WebSocketResponse, asterisk: ClientWebSocketResponse, user: str) -> None:
    async for message in page:
        if message.type is WSMsgType.TEXT:
            if not message.data.startswith("SIP/2.0") and message.data.strip() and not _is(user, message.data):
                return
            await asterisk.send_str(message.data)


async def _to_page(asterisk: ClientWebSocketResponse, page: web.WebSocketResponse) -> None:
    async for message in asterisk:
        if message.type is WSMsgType.TEXT:
            await page.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await page.send_bytes(message.data)


def _is(user: str, request: str) -> bool:
    """Whether a SIP request is from this user: Asterisk takes the address of any other name for the carrier's."""
    head = request.partition("\r\n\r\n")[0]
    lines = _FROM_LINE.findall(head)
    sender = _SENDER.fullmatch(lines[0]) if len(lines) == 1 else None
    return sender is not None and sender[1] == user
