"""People who sign in: the cookie, what other sites cannot do with it, guessing, signing out, and what auditors see."""

import pytest

from ivr.desk.cookie import OURS, PLAIN, SECURE
from ivr.tickets.users import Users

PASSWORD = "correct horse"
HEADERS = {OURS: "1"}


@pytest.fixture
async def anna(rig):
    await Users(rig.database).add("anna", "Анна", "operator", PASSWORD)
    return {"user": "anna", "password": PASSWORD}


async def sign_in(rig, body, **headers):
    return await rig.ask("POST", "/api/v1/session", None, json=body, headers={**HEADERS, **headers})


async def deeds(rig):
    return [(each["who"], each["what"]) for each in (await rig.get("/api/v1/audit", "auditor"))["deeds"]]


async def test_who_signs_in_is_known_until_they_sign_out(rig, anna):
    status, answer, response = await sign_in(rig, anna)
    assert (status, answer) == (200, {"user": "anna", "name": "Анна", "role": "operator"})
    set_cookie = response.headers["Set-Cookie"]
    assert PLAIN in set_cookie and "HttpOnly" in set_cookie and "SameSite=Strict" in set_cookie
    rig.client.cookie_jar.update_cookies(response.cookies, response.url)
    cookie = {"Cookie": f"{PLAIN}={response.cookies[PLAIN].value}"}
    assert (await rig.get("/api/v1/session", None, headers=cookie))["user"] == "anna"
    status, _, _ = await rig.ask("DELETE", "/api/v1/session", None, headers={**cookie, **HEADERS})
    assert status == 204
    status, answer, _ = await rig.ask("GET", "/api/v1/session", None, headers=cookie)
    assert (status, answer["type"]) == (401, "/api/problems/session-over")
    assert await deeds(rig) == [("anna", "signed-out"), ("anna", "signed-in")]


async def test_over_tls_no_other_host_can_set_the_cookie(rig, anna):
    host = rig.url.removeprefix("http://")
    _, _, response = await sign_in(rig, anna, Origin=f"https://{host}")
    assert SECURE in response.cookies and "Secure" in response.headers["Set-Cookie"]


async def test_a_password_is_not_taken_in_the_clear_from_elsewhere(rig, anna):
    status, answer, response = await sign_in(rig, anna, Host="hotline.example:8080")
    assert (status, answer["type"], response.cookies) == (403, "/api/problems/https-needed", {})


@pytest.mark.parametrize(
    "headers",
    [
        {OURS: "1", "Origin": "https://elsewhere.example"},
        {OURS: "1", "Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
async def test_a_page_of_another_site_does_nothing_with_the_cookie(rig, anna, headers):
    _, _, response = await sign_in(rig, anna)
    headers = {"Cookie": f"{PLAIN}={response.cookies[PLAIN].value}", **headers}
    status, _, _ = await rig.ask("POST", "/api/v1/operators/anna/ready", None, headers=headers)
    assert status == 403


async def test_guessing_is_slowed_down_and_what_was_typed_is_kept_nowhere(rig, anna, logged):
    tries = [await sign_in(rig, {"user": "anna", "password": f"guess-{n}"}) for n in range(11)]
    assert [status for status, _, _ in tries] == [403] * 10 + [429]
    status, _, _ = await sign_in(rig, anna)
    assert status == 429
    assert await deeds(rig) == [("", "sign-in-refused")] * 10
    assert "guess-" not in str(logged)


async def test_nobody_is_told_who_there_is(rig, anna):
    _, wrong, _ = await sign_in(rig, {"user": "anna", "password": "wrong"})
    _, unknown, _ = await sign_in(rig, {"user": "boris", "password": "wrong"})
    assert wrong == unknown


async def test_another_password_ends_every_session(rig, anna):
    _, _, response = await sign_in(rig, anna)
    await Users(rig.database).change("anna", password="another one")
    cookie = {"Cookie": f"{PLAIN}={response.cookies[PLAIN].value}"}
    status, _, _ = await rig.ask("GET", "/api/v1/session", None, headers=cookie)
    assert status == 401


async def test_an_operator_changes_their_own_state_only(rig, anna):
    for id in ("anna", "boris"):
        body = {"id": id, "name": id, "skills": {}, "password": PASSWORD}
        await rig.ask("POST", "/api/v1/operators", json=body)
    _, _, response = await sign_in(rig, anna)
    headers = {"Cookie": f"{PLAIN}={response.cookies[PLAIN].value}", **HEADERS}
    answers = [
        await rig.ask("POST", f"/api/v1/operators/{id}/ready", None, headers=headers) for id in ("anna", "boris")
    ]
    assert [status for status, _, _ in answers] == [200, 403]
