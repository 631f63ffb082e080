"""Terms that are extended, tickets that are handed up, found by an identifier, and shown in the clear for a reason."""

from datetime import date, timedelta

from sqlalchemy import text

from ivr.flow.escalation import Rule
from ivr.tickets.overdue import events_due
from ivr.tickets.tickets import Tickets

from .conftest import SNILS
from .test_ticket_changes import opened

GIVEN = {"kind": "snils", "value": "112-233-445 95"}


async def test_a_term_is_extended_with_a_reason_and_the_applicant_is_to_be_told(rig):
    ticket, path = await opened(rig)
    promised = date.fromisoformat(ticket["expected_on"])
    later = (promised + timedelta(days=14)).isoformat()
    status, now, _ = await rig.ask("POST", f"{path}/extension", json={"until": later, "reason": "запрос в архив"})
    assert (status, now["expected_on"]) == (200, later)
    extended, notice = now["log"][-2:]
    assert (extended["until"], extended["before"], extended["reason"]) == (
        later,
        ticket["expected_on"],
        "запрос в архив",
    )
    assert (notice["type"], notice["way"], notice["what"]) == ("notice-due", "sms", "deadline")
    for wrong in (ticket["expected_on"], "2199-01-01", "tomorrow"):
        status, answer, _ = await rig.ask("POST", f"{path}/extension", json={"until": wrong, "reason": "x"})
        assert (status, answer["errors"][0]["pointer"]) == (422, "#/until")


async def test_a_ticket_goes_up_and_never_down(rig):
    _, path = await opened(rig)
    up = {"to": "head-of-group", "reason": "жалоба"}
    assert (await rig.ask("POST", f"{path}/escalation", json=up))[1]["level"] == "head-of-group"
    status, answer, _ = await rig.ask("POST", f"{path}/escalation", json={**up, "to": "senior"})
    assert (status, "profile-department" in answer["errors"][0]["detail"]) == (422, True)
    found = await rig.get("/api/v1/tickets", params={"level": "head-of-group"})
    assert len(found["tickets"]) == 1


async def test_what_a_rule_did_stands_in_the_ticket(rig):
    _, path = await opened(rig)
    number = int(path.rsplit("/", 1)[1])
    rule = Rule("late", "senior", None, 2)
    state = await Tickets(rig.database).change(number, lambda state: events_due(state, [rule], state.due.timestamp()))
    shown = await rig.get(path)
    assert (shown["level"], shown["priority"], shown["priority_reason"]) == ("senior", state.priority, "overdue")
    handed_up, raised = shown["log"][-2:]
    assert (handed_up["rule"], handed_up["to"], handed_up["by"], raised["why"]) == (
        "late",
        "senior",
        "rules",
        "overdue",
    )


async def test_by_an_identifier_that_stands_in_no_address(rig):
    ticket, _ = await opened(rig)
    await opened(rig, identification=[])
    for asked in ({"identification": GIVEN}, {"identification": GIVEN, "words": "штрафа", "section": "payments"}):
        status, found, _ = await rig.ask("POST", "/api/v1/tickets/search", "operator", json=asked)
        assert (status, [each["number"] for each in found["tickets"]]) == (200, [ticket["number"]])
    _, found, _ = await rig.ask("POST", "/api/v1/tickets/search", json={"identification": GIVEN, "words": "паспорт"})
    assert found["tickets"] == []


async def test_other_tickets_of_the_person_are_offered_until_they_are_linked(rig):
    first, _ = await opened(rig)
    _, path = await opened(rig, applicant=None)
    await opened(rig, applicant=None, identification=[])
    assert [each["number"] for each in (await rig.get(f"{path}/related"))["tickets"]] == [first["number"]]
    await rig.ask("POST", f"{path}/links", json={"number": first["number"]})
    assert (await rig.get(f"{path}/related"))["tickets"] == []


async def test_what_is_sealed_is_shown_for_a_reason_that_is_kept(rig):
    _, path = await opened(rig)
    for kind, value in (("snils", SNILS), ("contact-name", "Иван Петров"), ("contact-phone", "+79161234567")):
        status, shown, _ = await rig.ask("POST", f"{path}/reveal", "senior", json={"kind": kind, "reason": "суд"})
        assert (status, shown) == (200, {"kind": kind, "values": [value]})
    now = await rig.get(path)
    assert [(each["by"], each["kind"], each["why"]) for each in now["log"][-3:]] == [
        ("the senior", "snils", "суд"),
        ("the senior", "contact-name", "суд"),
        ("the senior", "contact-phone", "суд"),
    ]
    async with rig.database.read() as session:
        audited = (await session.execute(text("SELECT who, what FROM audit"))).all()
    assert audited.count(("the senior", "ticket-reveal")) == 3
    status, answer, _ = await rig.ask("POST", f"{path}/reveal", json={"kind": "inn", "reason": "x"})
    assert (status, "snils" in answer["errors"][0]["detail"]) == (422, True)
    assert (await rig.ask("POST", f"{path}/reveal", "auditor", json={"kind": "snils", "reason": "x"}))[0] == 403
    assert (await rig.ask("POST", f"{path}/reveal", json={"kind": "snils"}))[0] == 422
