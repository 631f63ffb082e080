from ivr.calllog.events import Decided, Started
from ivr.tickets.numbers import with_check_digit
from routing.explain.written import written
from tests.unit.routing.desk import Desk

from .conftest import CALLER, call


def _number(events):
    assert isinstance(events[0], Started)
    return events[0].ticket


async def test_a_call_is_a_ticket_with_its_path_and_events_and_nothing_sealed(rig):
    events = call()
    await rig.record(events)
    listed = (await rig.get("/api/v1/tickets"))["tickets"]
    assert [each["number"] for each in listed] == [_number(events)]
    status, whole, response = await rig.ask("GET", f"/api/v1/tickets/{_number(events)}")
    assert status == 200
    assert whole["path"] == ["main.welcome"]
    assert whole["identification"] == [{"kind": "snils", "masked": "***-***-445 95"}]
    assert (whole["wait_seconds"], whole["talk_seconds"], whole["operator"], whole["end"]) == (
        6,
        30,
        "anna",
        "answered",
    )
    assert [event["type"] for event in whole["events"]][:2] == ["started", "node"]
    raw = await response.text()
    assert "c2VhbGVk" not in raw and "ZGlnZXN0" not in raw


async def test_the_callers_number_is_for_those_who_need_it(rig):
    events = call()
    await rig.record(events)
    for role, shown in (("operator", CALLER), ("auditor", CALLER), ("service", "**********67")):
        whole = await rig.get(f"/api/v1/tickets/{_number(events)}", role)
        assert whole["caller"] == whole["events"][0]["caller"] == shown
        listed = await rig.get("/api/v1/tickets", role)
        assert listed["tickets"][0]["caller"] == shown


async def test_filters_and_pages(rig):
    mine = [call(1_790_000_000.0 + n, section="payments") for n in range(5)]
    other = call(1_790_000_100.0, caller="+79990000000")
    await rig.record(*mine, other)
    first = await rig.get("/api/v1/tickets", params={"phone": "8 (916) 123-45-67", "section": "payments", "limit": 3})
    rest = await rig.get("/api/v1/tickets", params={"phone": CALLER, "limit": 3, "after": first["next"]})
    numbers = [ticket["number"] for page in (first, rest) for ticket in page["tickets"]]
    assert numbers == [_number(each) for each in reversed(mine)]
    assert rest["next"] is None
    for filters in ({"line": "kazan"}, {"end": "refused"}, {"status": "done"}, {"version": "ff"}):
        assert (await rig.get("/api/v1/tickets", params=filters))["tickets"] == []


async def test_a_status_moves_on_and_the_history_says_who_and_why(rig):
    events = call()
    await rig.record(events)
    path = f"/api/v1/tickets/{_number(events)}"
    status, moved, _ = await rig.ask("PATCH", path, "operator", json={"status": "in-progress"})
    assert (status, moved["status"]) == (200, "in-progress")
    assert moved["allowed"] == ["waiting-for-documents", "done", "refused", "approved", "rejected"]
    await rig.ask("PATCH", path, "operator", json={"status": "refused", "reason": "нет копии паспорта"})
    last = (await rig.get(path))["history"][-1]
    assert (last["by"], last["before"], last["after"], last["reason"]) == (
        "the operator",
        "in-progress",
        "refused",
        "нет копии паспорта",
    )


async def test_a_status_that_may_not_follow_is_refused_with_those_that_may(rig):
    events = call()
    await rig.record(events)
    path = f"/api/v1/tickets/{_number(events)}"
    status, answer, _ = await rig.ask("PATCH", path, json={"status": "approved"}, headers={"Accept-Language": "en"})
    assert status == 409
    assert answer["allowed"] == ["in-progress", "done", "refused"]
    assert (
        answer["detail"] == "The status “Approved” cannot follow “Registered”. These can: In progress, Done, Refused."
    )
    status, answer, _ = await rig.ask("PATCH", path, json={"status": "refused"})
    assert (status, answer["type"]) == (422, "/api/problems/reason-missing")
    assert (await rig.get(path))["status"] == "registered"


async def test_of_two_editors_the_second_is_told_what_the_first_changed(rig):
    events = call()
    await rig.record(events)
    path = f"/api/v1/tickets/{_number(events)}"
    _, _, seen = await rig.ask("GET", path)
    mine = {"If-Match": seen.headers["ETag"], "Accept-Language": "en"}
    first, _, _ = await rig.ask("PATCH", path, "senior", json={"status": "in-progress"}, headers=mine)
    assert first == 200
    status, answer, response = await rig.ask("PATCH", path, json={"status": "done", "priority": 5}, headers=mine)
    assert (status, answer["type"]) == (412, "/api/problems/ticket-changed")
    assert "the senior" in answer["detail"]
    [change] = answer["changes"]
    assert (change["by"], change["type"], change["before"], change["after"]) == (
        "the senior",
        "status",
        "registered",
        "in-progress",
    )
    now = await rig.get(path)
    assert (now["status"], now["priority"]) == ("in-progress", 0), "nothing is half done"
    again = {"If-Match": response.headers["ETag"]}
    assert (await rig.ask("PATCH", path, json={"status": "done"}, headers=again))[0] == 200
    status, answer, _ = await rig.ask("PATCH", path, json={"priority": 1}, headers={"If-Match": "W/xyz"})
    assert (status, answer["errors"][0]["pointer"]) == (422, "If-Match")


async def test_a_number_that_is_mistyped_and_one_that_nobody_has_are_told_apart(rig):
    known = with_check_digit(7_654_321)
    for number, kind in (
        (known, "ticket-unknown"),
        (known + 1, "ticket-number-mistyped"),
        (1, "ticket-number-mistyped"),
    ):
        for method, body in (("GET", None), ("PATCH", {"status": "done"})):
            status, answer, _ = await rig.ask(method, f"/api/v1/tickets/{number}", json=body)
            assert (status, answer["type"]) == (404, f"/api/problems/{kind}")


async def test_why_a_call_was_offered_to_whom_it_was_and_what_if(rig):
    desk = Desk()
    desk.join("op7", payments=1)
    desk.join("op8", payments=3)
    (offer,) = desk.call("c1", payments=3)
    events = call()
    events.insert(-2, Decided(at=events[-3].at, seen=written(desk.router.seen(offer))))
    await rig.record(events)
    path = f"/api/v1/tickets/{_number(events)}/why"
    (decision,) = (await rig.get(path, headers={"Accept-Language": "en"}))["decisions"]
    assert decision["decided"]["operator"] == "op8"
    assert decision["words"][-1] == "ruled out: op7 lacks payments:3"
    (decision,) = (await rig.get(path, params={"if": "у op7 было payments:3"}))["decisions"]
    assert decision["otherwise"]["operator"] == "op7"
    assert "тогда: предложен op7" in decision["words"]
    status, answer, _ = await rig.ask("GET", path, params={"if": "op77 had payments:3"})
    assert status == 422
    assert answer["errors"] == [{"pointer": "?if", "detail": "оператора 'op77' нет: возможно, имелось в виду «op7»"}]
    whole = await rig.get(f"/api/v1/tickets/{_number(events)}")
    assert "seen" not in next(event for event in whole["events"] if event["type"] == "decided")
