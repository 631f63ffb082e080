"""What is sent again with its key is done once."""

import asyncio

from .test_ticket_changes import LETTER

KEY = {"Idempotency-Key": "5f0c-1"}


async def count(rig) -> int:
    return len((await rig.get("/api/v1/tickets"))["tickets"])


async def test_a_letter_that_is_sent_again_opens_one_ticket(rig):
    first = await rig.ask("POST", "/api/v1/tickets", "service", json=LETTER, headers=KEY)
    again = await rig.ask("POST", "/api/v1/tickets", "service", json=LETTER, headers=KEY)
    assert (first[0], again[0], first[1]) == (201, 201, again[1])
    assert await count(rig) == 1


async def test_of_many_at_once_one_is_done(rig):
    answers = await asyncio.gather(
        *(rig.ask("POST", "/api/v1/tickets", "service", json=LETTER, headers=KEY) for _ in range(6))
    )
    assert {status for status, _, _ in answers} <= {201, 409}
    assert await count(rig) == 1


async def test_the_key_of_another_body_client_or_address_is_another(rig):
    path = f"/api/v1/tickets/{(await rig.ask('POST', '/api/v1/tickets', json=LETTER, headers=KEY))[1]['number']}"
    status, answer, _ = await rig.ask("POST", "/api/v1/tickets", json={**LETTER, "demand": "x"}, headers=KEY)
    assert (status, answer["type"]) == (422, "/api/problems/key-used-otherwise")
    assert (await rig.ask("POST", "/api/v1/tickets", "senior", json=LETTER, headers=KEY))[0] == 201
    assert (await rig.ask("POST", f"{path}/comments", json={"text": "x"}, headers=KEY))[0] == 200
    assert await count(rig) == 2


async def test_what_was_refused_leaves_the_key_free(rig):
    wrong = {**LETTER, "section": "nonsense"}
    for _ in range(2):
        assert (await rig.ask("POST", "/api/v1/tickets", json=wrong, headers=KEY))[0] == 422
    assert (await rig.ask("POST", "/api/v1/tickets", json=LETTER, headers=KEY))[0] == 201
    status, answer, _ = await rig.ask("POST", "/api/v1/tickets", json=LETTER, headers={"Idempotency-Key": "x" * 65})
    assert (status, answer["errors"][0]["pointer"]) == (422, "Idempotency-Key")
