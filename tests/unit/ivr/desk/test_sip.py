"""Browsers' phones: credentials for an operator's page, and for a caller's in development only."""


async def added(rig):
    await rig.ask("POST", "/api/v1/operators", json={"id": "anna", "name": "A", "skills": {}, "password": "12345678"})


async def test_a_page_gets_a_password_that_is_asterisks_too(rig):
    await added(rig)
    status, answer, _ = await rig.ask("POST", "/api/v1/operators/anna/browser-phone")
    assert status == 200 and answer["user"] == "anna" and len(answer["password"]) >= 32
    assert answer["password"] not in str(rig.phones.browsers) and rig.phones.browsers["anna"]
    status, _, _ = await rig.ask("DELETE", "/api/v1/operators/anna/browser-phone")
    assert status == 204 and rig.phones.browsers["anna"] is None


async def test_while_asterisk_is_away_a_page_is_told_so(rig):
    await added(rig)
    rig.phones.fails = OSError("away")
    status, answer, response = await rig.ask("POST", "/api/v1/operators/anna/browser-phone")
    assert (status, answer["type"]) == (503, "/api/problems/phones-away") and response.headers["Retry-After"]


async def test_a_caller_calls_from_a_page_in_development_only(rig, services):
    own = {"X-Kommutator": "1"}
    status, answer, _ = await rig.ask("POST", "/api/v1/caller-phone", None, headers=own)
    assert (status, answer["user"]) == (200, "kommutator-caller")
    elsewhere = {**own, "Host": "rebound.example"}
    assert (await rig.ask("POST", "/api/v1/caller-phone", None, headers=elsewhere))[0] == 404
    assert (await rig.ask("POST", "/api/v1/caller-phone", None))[0] == 403
    services.phones.password = ""
    assert (await rig.ask("POST", "/api/v1/caller-phone", None, headers=own))[0] == 404
