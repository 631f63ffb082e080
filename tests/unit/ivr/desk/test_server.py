"""Peers that are no good clients."""

import asyncio
import socket
from urllib.parse import urlsplit

import pytest

from ivr.desk.impatience import Impatience
from ivr.desk.server import PortTaken, serving


@pytest.mark.parametrize("said", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half: "])
async def test_a_peer_that_never_says_what_it_wants_is_let_go(app, monkeypatch, said):
    monkeypatch.setattr("ivr.desk.server.Impatience", lambda: Impatience(seconds=0.05))
    async with serving(app, "127.0.0.1", 0) as port, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_a_client_that_has_asked_once_is_kept_when_a_silent_one_goes(app, monkeypatch):
    monkeypatch.setattr("ivr.desk.server.Impatience", lambda: Impatience(seconds=0.05))
    asks = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    async with serving(app, "127.0.0.1", 0) as port, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(asks)
        await reader.readuntil(b"}")
        silent, silent_writer = await asyncio.open_connection("127.0.0.1", port)
        assert await silent.read() == b""
        writer.write(asks)
        assert b"alive" in await reader.readuntil(b"}")
        for each in (writer, silent_writer):
            each.close()
            await each.wait_closed()


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"POST /api/v1/operators HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused_and_harms_nobody(rig, said, caplog):
    place = urlsplit(rig.url)
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        writer.write(said)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.0 400") or answer.startswith(b"HTTP/1.1 400") or answer == b""
    assert await rig.get("/healthz", None) == {"status": "alive"}
    assert "Traceback" not in caplog.text


async def test_another_program_on_the_port(app):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTaken, match="set IVR_HTTP_PORT"):
        async with serving(app, "127.0.0.1", taken.getsockname()[1]):
            pass
