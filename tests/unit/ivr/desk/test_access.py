"""Who may do what, told by what each route declares; and what a wrong token gets."""

import pytest

from ivr.desk.app import RESOURCES
from ivr.desk.roles import PUBLIC, Role
from ivr.desk.routes import Endpoint
from ivr.desk.throttle import Throttle
from ivr.tickets.tokens import Tokens

ENDPOINTS = [endpoint for routes in RESOURCES for endpoint in routes.endpoints]
PLACES = {
    "queue": "technical",
    "number": "10000006",
    "other": "10000014",
    "id": "nobody",
    "kind": "failed",
    "name": "a.js",
}

OPEN = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/openapi.json",
    "/api/problems/{kind}",
    "/api/v1/session",
    "/api/v1/caller-phone",
    "/api/v1/caller-phone/sip",
    "/",
    "/desk",
    "/phone",
    "/assets/{name}",
}
"""Everything that needs no token. Anything new in this list is a decision, not an accident."""


def _path(endpoint):
    return endpoint.plain_path.format(**PLACES)


def test_nothing_is_open_but_what_is_meant_to_be():
    assert {endpoint.plain_path for endpoint in ENDPOINTS if endpoint.roles == PUBLIC} == OPEN


def test_every_route_of_the_application_is_an_endpoint_with_declared_roles(app):
    handlers = [route.handler for route in app.router.routes()]
    assert len(handlers) >= len(ENDPOINTS)
    assert all(isinstance(getattr(handler, "__self__", None), Endpoint) for handler in handlers)


@pytest.mark.parametrize("role", [*Role])
async def test_each_role_gets_what_each_route_declares_and_no_more(rig, role):
    for endpoint in ENDPOINTS:
        status, answer, _ = await rig.ask(endpoint.method, _path(endpoint), role)
        if endpoint.roles == PUBLIC:
            assert status != 401, (endpoint.path, answer)
        elif role in endpoint.roles:
            assert status not in (401, 403), (endpoint.path, answer)
        else:
            assert status == 403, endpoint.path
            assert answer["allowed"] == sorted(endpoint.roles)


async def test_no_token(rig):
    for endpoint in ENDPOINTS:
        if endpoint.roles != PUBLIC:
            status, answer, response = await rig.ask(endpoint.method, _path(endpoint), None)
            assert (status, answer["type"]) == (401, "/api/problems/token-missing"), endpoint.path
            assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("wrong", ["ivr_nonsense", "x" * 5000, "токен".encode().decode("latin-1")])
async def test_a_wrong_token(rig, wrong):
    status, answer, _ = await rig.ask("GET", "/api/v1/queues", None, headers={"Authorization": f"Bearer {wrong}"})
    assert (status, answer["type"]) == (401, "/api/problems/token-wrong")


async def test_a_revoked_token_is_refused_at_once(rig):
    tokens = Tokens(rig.database)
    await rig.get("/api/v1/queues", "auditor")
    found = await tokens.check(rig.tokens["auditor"])
    await tokens.revoke(found.id)
    status, _, _ = await rig.ask("GET", "/api/v1/queues", "auditor")
    assert status == 401


async def test_guessing_is_slowed_down_and_desks_behind_the_same_address_go_on(rig):
    await rig.get("/api/v1/queues", "operator")
    answers = [
        await rig.ask("GET", "/api/v1/queues", None, headers={"Authorization": f"Bearer guess-{n}"}) for n in range(12)
    ]
    assert [status for status, _, _ in answers] == [401] * 10 + [429] * 2
    assert 0 < int(answers[-1][2].headers["Retry-After"]) <= 60
    await rig.get("/api/v1/queues", "operator")
    rig.tokens["engine"] = rig.services.engine_token.value
    await rig.get("/api/v1/queues", "engine")


def test_the_throttle_forgives_with_time_and_forgets_the_oldest_peer():
    now = [0.0]
    throttle = Throttle(burst=2, refill=5.0, peers=2, clock=lambda: now[0])
    for peer in ("2001:db8::1", "2001:db8::2"):
        throttle.failed(peer)
    assert throttle.wait("2001:db8::ffff") == 5  # one network, one owner
    now[0] = 5.0
    assert throttle.wait("2001:db8::1") == 0
    for peer in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        throttle.failed(peer)
    assert throttle.wait("192.0.2.1") == 5
    throttle.failed("192.0.2.3")
    assert throttle.wait("192.0.2.1") == 0
