"""What an operator says came of a call is kept with the ticket, by a code that its queue offers."""

from ivr.calllog.events import Started

from .conftest import call


async def recorded(rig, **given):
    events = call(**given)
    await rig.record(events)
    assert isinstance(events[0], Started)
    return f"/api/v1/tickets/{events[0].ticket}"


async def test_the_codes_are_listed_with_their_names_and_queues(rig):
    codes = (await rig.get("/api/v1/wrap-up-codes", "operator"))["codes"]
    assert codes[0] == {
        "code": "resolved",
        "names": {"ru": "Вопрос решён", "en": "Resolved"},
        "queues": ["technical", "payments"],
    }
    assert codes[1]["queues"] == ["technical"]


async def test_the_last_one_counts_and_none_is_lost(rig):
    path = await recorded(rig)
    for code, role in (("referred", "operator"), ("resolved", "senior")):
        status, _, _ = await rig.ask("POST", f"{path}/wrap-up", role, json={"code": code})
        assert status == 200
    said = (await rig.get(path))["wrap_ups"]
    assert [(each["code"], each["by"]) for each in said] == [("referred", "the operator"), ("resolved", "the senior")]


async def test_a_code_that_the_queue_does_not_offer_is_refused_with_those_that_it_does(rig):
    path = await recorded(rig)
    status, answer, _ = await rig.ask(
        "POST", f"{path}/wrap-up", json={"code": "resolve"}, headers={"Accept-Language": "en"}
    )
    assert status == 422
    assert answer["errors"] == [{"pointer": "#/code", "detail": "one of: resolved, referred"}]
    assert (await rig.get(path))["wrap_ups"] == []


async def test_who_may_not_and_a_ticket_that_is_not_there(rig):
    path = await recorded(rig)
    assert (await rig.ask("POST", f"{path}/wrap-up", "service", json={"code": "resolved"}))[0] == 403
    assert (await rig.ask("POST", "/api/v1/tickets/10000013/wrap-up", json={"code": "resolved"}))[0] == 404
