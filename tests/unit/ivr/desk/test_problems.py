"""What a client is told when something will not do: in its language, with the mend, and nothing half done."""

import asyncio
import json
import string
from urllib.parse import urlsplit

import pytest

from ivr.desk.languages import LANGUAGES, chosen
from ivr.desk.problems import kinds, texts
from ivr.tickets.faults import DatabaseError
from ivr.tickets.operators import Operators

NEW = {"id": "anna", "name": "Anna", "skills": {"technical": 3}, "password": "correct horse"}


@pytest.mark.parametrize("kind", [*kinds(), *texts()["fields"]])
def test_each_text_is_there_in_each_language_with_the_same_places(kind):
    for text in [*(texts()["kinds"].get(kind) or {}).values(), texts()["fields"].get(kind)]:
        if isinstance(text, dict):
            assert set(text) == set(LANGUAGES)
            assert len({_places(each) for each in text.values()}) == 1


def _places(text):
    return frozenset(place for _, place, _, _ in string.Formatter().parse(text) if place is not None)


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "ru"),
        ("en", "en"),
        ("tt-RU,tt;q=0.9,ru;q=0.8", "tt"),
        ("de,en;q=0.5,ru;q=0.7", "ru"),
        ("fr;q=0.9,*;q=0.1", "ru"),
        ("ru;q=0,en;q=0.1", "en"),
        ("en;q=often", "ru"),
        (",;=" * 4000, "ru"),
    ],
)
def test_the_language_that_the_client_likes_best(accept, language):
    assert chosen(accept) == language


@pytest.mark.parametrize(
    ("language", "title"), [(None, "Такого адреса нет"), ("en", "No such address"), ("tt", "Мондый адрес юк")]
)
async def test_an_address_that_is_not_there(rig, language, title):
    headers = {"Accept-Language": language} if language else {}
    status, answer, response = await rig.ask("GET", "/api/v1/nothing", None, headers=headers)
    assert (status, answer["status"], answer["title"]) == (404, 404, title)
    assert response.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    assert response.headers["Content-Language"] == (language or "ru")
    described = await rig.get("/api/problems/path-unknown", None, headers=headers)
    assert described["title"] == title and described["type"] == "/api/problems/path-unknown"


async def test_a_method_that_is_not_there(rig):
    status, answer, response = await rig.ask("PUT", "/api/v1/queues", headers={"Accept-Language": "en"})
    assert (status, answer["allowed"], response.headers["Allow"]) == (405, ["GET", "HEAD"], "GET, HEAD")


WRONG_VALUES = [
    ({"name": "x" * 101}, "#/name", "at most 100 characters"),
    ({"name": "<script>alert(1)</script>"}, "#/name", "remove the character U+003C"),
    ({"name": "Anna\u202egnp.exe"}, "#/name", "remove the character U+202E"),
    ({"name": "Anna\x00"}, "#/name", "remove the character U+0000"),
    ({"name": "   "}, "#/name", "at least 1 characters"),
    ({"name": 7}, "#/name", "needs to be text"),
    ({"name": None}, "#/name", "needs to be text"),
    ({"id": "Anna Petrova"}, "#/id", "not of the form"),
    ({"id": "anna\n"}, "#/id", "not of the form"),
    ({"id": "kommutator"}, "#", "no beginning 'kommutator'"),
    ({"password": "short"}, "#/password", "at least 8 characters"),
    ({"password": "correct\nhorse"}, "#/password", "not of the form"),
    ({"password": "пароль без конца"}, "#/password", "not of the form"),
    ({"skills": {"technical": 6}}, "#/skills/technical", "at most 5"),
    ({"skills": {"technical": "3"}}, "#/skills/technical", "whole number"),
    ({"skills": {"technical": True}}, "#/skills/technical", "whole number"),
    ({"skills": {"Technical": 3}}, "#/skills/Technical", "not of the form"),
    ({"skills": {f"s{n}": 1 for n in range(65)}}, "#/skills", "at most 64"),
    ({"skills": ["technical"]}, "#/skills", "{name: value}"),
    ({"admin": True}, "#/admin", "there is no such field"),
]


async def test_values_that_will_not_do(rig, logged):
    for changes, pointer, told in WRONG_VALUES:
        body, headers = {**NEW, **changes}, {"Accept-Language": "en"}
        status, answer, response = await rig.ask("POST", "/api/v1/operators", json=body, headers=headers)
        assert (status, answer["type"]) == (422, "/api/problems/values-wrong"), changes
        (error,) = answer["errors"]
        assert error["pointer"] == pointer
        assert told in error["detail"]
        assert "correct horse" not in await response.text()
    assert await Operators(rig.database).list() == []
    assert "correct horse" not in str(logged)


WRONG_BODIES = [
    (b"", 422, "values-wrong"),
    (b"{", 422, "values-wrong"),
    (b"[" * 60_000, 422, "values-wrong"),
    (b'{"id": "\\ud800"}', 422, "values-wrong"),
    (b"\xff\xfe", 422, "values-wrong"),
    (b"[]", 422, "values-wrong"),
    (b'{"skills": {"technical": 1' + b"0" * 5000 + b"}}", 422, "values-wrong"),
    (b" " * 70_000, 413, "body-too-large"),
]


async def test_bodies_that_are_no_json_of_ours(rig):
    for raw, status, kind in WRONG_BODIES:
        headers = {"Content-Type": "application/json"}
        got, answer, _ = await rig.ask("POST", "/api/v1/operators", data=raw, headers=headers)
        assert (got, answer["type"]) == (status, f"/api/problems/{kind}"), raw[:20]


async def test_a_form_is_not_taken_for_json(rig):
    status, answer, _ = await rig.ask("POST", "/api/v1/operators", data={"id": "anna"})
    assert (status, answer["type"]) == (415, "/api/problems/body-not-json")


WRONG_QUERIES = [
    ("limit=1000000", "?limit"),
    ("limit=0", "?limit"),
    ("limit=ten", "?limit"),
    ("limit=" + "9" * 5000, "?limit"),
    ("phone=hello", "?phone"),
    ("phone=" + "7" * 200, "?phone"),
    ("line=%27%20OR%201%3D1", "?line"),
    ("end=exploded", "?end"),
    ("status=nonsense", "?status"),
    ("after=20260101T000000.000000-x", "?after"),
    ("after=99999999T999999.999999-1", "?after"),
    ("limit=5&limit=6", "?limit"),
    ("sort=caller", "?sort"),
]


async def test_queries_that_will_not_do(rig):
    for query, pointer in WRONG_QUERIES:
        status, answer, _ = await rig.ask("GET", f"/api/v1/tickets?{query}")
        assert status == 422, query
        assert [error["pointer"] for error in answer["errors"]] == [pointer]


async def test_a_body_that_never_ends_is_given_up(rig, monkeypatch):
    monkeypatch.setattr("ivr.desk.routes.BODY_SECONDS", 0.05)
    place = urlsplit(rig.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(
        f"POST /api/v1/operators HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {rig.tokens['admin']}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
    )
    answer = await asyncio.wait_for(reader.readuntil(b"}"), 5)
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 408")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"] == "/api/problems/body-slow"


async def test_a_database_that_is_away_and_a_fault_of_our_own(rig, monkeypatch):
    async def away(*_args, **_kwargs):
        raise DatabaseError("The database /srv/secret/place is away.")

    async def faulty(*_args, **_kwargs):
        raise RuntimeError("snils 11223344595")

    monkeypatch.setattr(rig.services.tickets, "list", away)
    status, answer, response = await rig.ask("GET", "/api/v1/tickets")
    assert (status, answer["type"]) == (503, "/api/problems/database-away")
    assert "secret" not in await response.text()
    monkeypatch.setattr(rig.services.tickets, "list", faulty)
    status, answer, response = await rig.ask("GET", "/api/v1/tickets")
    assert (status, answer["type"]) == (500, "/api/problems/failed")
    assert "11223344595" not in await response.text()


async def test_every_answer_is_kept_from_caches_frames_and_sniffing(rig):
    for path in ("/healthz", "/api/v1/tickets", "/nothing"):
        _, _, response = await rig.ask("GET", path)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert "aiohttp" not in response.headers["Server"].lower()


async def test_the_log_says_what_was_asked_and_nothing_about_anybody(rig, logged):
    await rig.get("/api/v1/tickets", "operator", params={"phone": "+79161234567"})
    await rig.ask("GET", "/api/v1/tickets/12345678", "operator")
    await rig.ask("GET", "/api/v1/tickets", None, headers={"Authorization": "Bearer wrong-secret"})
    lines = [entry for entry in logged if entry["event"] == "api"]
    assert [(line["route"], line["status"], line["role"]) for line in lines] == [
        ("/api/v1/tickets", 200, "operator"),
        ("/api/v1/tickets/{number}", 404, "operator"),
        ("/api/v1/tickets", 401, None),
    ]
    for private in ("79161234567", "12345678", "wrong-secret", rig.tokens["operator"], "127.0.0.1"):
        assert private not in str(logged)
