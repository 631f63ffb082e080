"""Tickets that no call brought, and what people change of any."""

import json

import pytest

from ivr.calllog.events import Started

from .conftest import SNILS, call

LETTER = {
    "channel": "letter",
    "section": "payments",
    "category": "dispute-fine",
    "region": "moscow",
    "demand": "Прошу отменить штраф: <b>машина</b> продана.\nИванов",
    "applicant": {"name": "Иван Петров", "phone": "8 916 123-45-67", "email": "ivan@mail.ru", "notice": "sms"},
    "identification": [{"kind": "snils", "value": "112-233-445 95"}],
}


async def opened(rig, **other):
    status, ticket, _ = await rig.ask("POST", "/api/v1/tickets", "operator", json={**LETTER, **other})
    assert status == 201, ticket
    return ticket, f"/api/v1/tickets/{ticket['number']}"


async def test_a_letter_becomes_a_ticket_with_all_that_it_says_and_nothing_sealed(rig):
    ticket, path = await opened(rig)
    assert (ticket["channel"], ticket["section"], ticket["category"]) == ("letter", "payments", "dispute-fine")
    assert (ticket["status"], ticket["complexity"], ticket["demand"]) == ("registered", 3, LETTER["demand"])
    assert ticket["applicant"] == {"name": "И. П.", "phone": "*********567", "e-mail": "i***@mail.ru"}
    assert ticket["identification"] == [{"kind": "snils", "masked": "*********95"}]
    assert ticket["due_at"] > ticket["registered_at"]
    raw = json.dumps([ticket, await rig.get(path)], ensure_ascii=False)
    for secret in (SNILS, "Петров", "+79161234567", "ivan@", "v1."):
        assert secret not in raw.replace(LETTER["demand"], "")


async def test_a_ticket_of_a_call_keeps_what_people_said_though_its_call_goes_on(rig):
    events = call()
    await rig.record(events[:3])
    started = events[0]
    assert isinstance(started, Started)
    path = f"/api/v1/tickets/{started.ticket}"
    body = {"category": "income-certificate", "priority": 7, "reason": "инвалидность", "assignee": "anna"}
    status, changed, _ = await rig.ask("PATCH", path, json=body)
    assert status == 200, changed
    await rig.record(events)
    now = await rig.get(path)
    assert (now["section"], now["category"], now["priority"], now["priority_reason"], now["assignee"]) == (
        "documents",
        "income-certificate",
        7,
        "инвалидность",
        "anna",
    )
    assert now["ended_at"] is not None
    listed = (await rig.get("/api/v1/tickets", params={"assignee": "anna"}))["tickets"]
    assert [each["number"] for each in listed] == [started.ticket]


async def test_the_history_is_whole_and_in_order(rig):
    _, path = await opened(rig)
    await rig.ask("POST", f"{path}/comments", "senior", json={"text": "позвонить после обеда"})
    await rig.ask("PATCH", path, json={"outcome": "штраф отменён", "first_call_resolved": True, "status": "done"})
    now = await rig.get(path)
    assert [each["type"] for each in now["log"]] == [
        *("opened", "demand", "identified", "applicant", "applicant", "applicant", "notice"),
        *("comment", "outcome", "status"),
    ]
    assert [(each["by"], each["text"]) for each in now["comments"]] == [("the senior", "позвонить после обеда")]
    assert (now["outcome"], now["first_call_resolved"], now["due_at"]) == ("штраф отменён", True, None)


async def test_links_are_said_once_and_taken_back(rig):
    first, path = await opened(rig)
    second, _ = await opened(rig)
    for _ in range(2):
        status, linked, _ = await rig.ask("POST", f"{path}/links", json={"number": second["number"]})
        assert (status, linked["links"]) == (200, [{"number": second["number"], "why": "said"}])
    for wrong in (first["number"], 10000004, 7):
        assert (await rig.ask("POST", f"{path}/links", json={"number": wrong}))[0] == 422
    assert (await rig.ask("DELETE", f"{path}/links/{second['number']}"))[0] == 204
    assert (await rig.get(path))["links"] == []


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"channel": "phone"}, "#/channel"),
        ({"section": "nonsense"}, "#/section"),
        ({"section": "technical", "category": "dispute-fine"}, "#/category"),
        ({"demand": "x" * 4001}, "#/demand"),
        ({"demand": "right\u202eleft"}, "#/demand"),
        ({"demand": ["list"]}, "#/demand"),
        ({"applicant": {"name": "<script>alert(1)</script>"}}, "#/applicant/name"),
        ({"applicant": {"email": "nobody"}}, "#/applicant/email"),
        ({"identification": [{"kind": "snils", "value": "112-233-445 96"}]}, "#/identification/0"),
        ({"identification": [{"kind": "snils", "value": SNILS}] * 9}, "#/identification"),
        ({"caller": "+79161234567"}, "#/caller"),
    ],
)
async def test_what_cannot_be_is_told_with_its_place_and_opens_nothing(rig, wrong, pointer):
    for language in ("ru", "en", "tt"):
        status, answer, response = await rig.ask(
            "POST", "/api/v1/tickets", json={**LETTER, **wrong}, headers={"Accept-Language": language}
        )
        assert (status, [each["pointer"] for each in answer["errors"]]) == (422, [pointer]), answer
        assert SNILS not in await response.text()
    assert (await rig.get("/api/v1/tickets"))["tickets"] == []


async def test_who_may_not(rig):
    _, path = await opened(rig)
    assert (await rig.ask("POST", "/api/v1/tickets", "auditor", json=LETTER))[0] == 403
    assert (await rig.ask("POST", "/api/v1/tickets", "service", json=LETTER))[0] == 201
    for method, address, body in (("PATCH", path, {"priority": 1}), ("POST", f"{path}/comments", {"text": "x"})):
        assert (await rig.ask(method, address, "service", json=body))[0] == 403
