"""A page's phone goes back to its operator: at the end of the session, and a while after the page has gone."""

import pytest

from ivr.desk.cookie import OURS, PLAIN
from ivr.desk.page_phones import CONNECTION_LOST, PAGE_PHONES, SHIFT_ENDED, PagePhones
from ivr.tickets.users import Users
from routing.model import Contact
from tests.until import until

PASSWORD = "correct horse"


@pytest.fixture
async def anna(rig, services, phones):
    """Anna serves; her phone is the page p1, in the session "one"."""
    await rig.ask(
        "POST", "/api/v1/operators", json={"id": "anna", "name": "A", "skills": {"technical": 3}, "password": PASSWORD}
    )
    rig.dispatcher.ready("anna")
    await services.operators.browser_phone("anna")
    return services.operators


def watched(rig, anna, gone=0.01):
    return PagePhones(anna, rig.dispatcher, gone)


def state(rig):
    (view,) = rig.dispatcher.operators()
    return view.state.value, view.reason


async def given_back(rig):
    await until(lambda: rig.phones.browsers["anna"] is None)


async def test_a_page_that_is_gone_too_long_is_the_operators_phone_no_more(rig, anna):
    watch = watched(rig, anna)
    with watch.here("p1"):
        watch.taken("anna", "p1", "one")
        assert rig.phones.browsers["anna"]
    await given_back(rig)
    assert state(rig) == ("not-ready", CONNECTION_LOST)


async def test_a_page_that_comes_back_in_time_stays_the_phone(rig, anna):
    watch = watched(rig, anna, gone=3600)
    with watch.here("p1"):
        watch.taken("anna", "p1", "one")
    assert len(watch._leaving) == 1
    with watch.here("p1"):
        await until(lambda: not watch._leaving)
        assert state(rig) == ("ready", "") and rig.phones.browsers["anna"]


async def test_a_page_that_never_listens_is_given_up_and_one_that_is_not_watched_is_not(rig, anna):
    watch = watched(rig, anna)
    watch.taken("anna", "", "one")
    assert not watch._leaving
    watch.taken("anna", "p1", "one")
    await given_back(rig)


async def test_a_break_stays_what_it_is_when_the_page_goes(rig, anna):
    rig.dispatcher.not_ready("anna", "обед")
    watched(rig, anna).taken("anna", "p1", "one")
    await given_back(rig)
    assert state(rig) == ("not-ready", "обед")


async def test_a_conversation_is_not_cut_when_the_session_ends(rig, anna, monkeypatch):
    monkeypatch.setattr("ivr.desk.page_phones.LOOK", 0.01)
    watch = watched(rig, anna)
    with watch.here("p1"):
        watch.taken("anna", "p1", "one")
        async with rig.dispatcher.enqueue(Contact("c1", "technical", 0.0, {"technical": 2})) as waiting:
            offer = await waiting.offer()
            waiting.accepted(offer)
            watch.signed_out("anna", "one")
            (view,) = rig.dispatcher.operators()
            assert (view.state.value, view.pause) == ("talking", SHIFT_ENDED)
            assert rig.phones.browsers["anna"]
            rig.dispatcher.talk_ended("c1")
        await given_back(rig)
    assert state(rig) == ("not-ready", SHIFT_ENDED)


async def test_another_session_that_ends_takes_no_phone(rig, anna):
    watch = watched(rig, anna)
    with watch.here("p1"):
        watch.taken("anna", "p1", "one")
        watch.signed_out("anna", "two")
        watch.session_over("anna", "two")
        assert state(rig) == ("ready", "") and not watch._leaving
        watch.session_over("anna", "one")
        await given_back(rig)


async def test_signing_out_over_the_api_ends_the_shift(rig, anna, app):
    await Users(rig.database).add("anna", "Анна", "operator", PASSWORD)
    body = {"user": "anna", "password": PASSWORD}
    _, _, response = await rig.ask("POST", "/api/v1/session", None, json=body, headers={OURS: "1"})
    headers = {"Cookie": f"{PLAIN}={response.cookies[PLAIN].value}", OURS: "1"}
    async with rig.client.ws_connect(f"{rig.url}/api/v1/live?page=p1", headers=headers) as socket:
        await socket.receive_json(timeout=5)
        await rig.ask("POST", "/api/v1/operators/anna/browser-phone?page=p1", None, headers=headers)
        assert not app[PAGE_PHONES]._leaving
        assert (await rig.ask("DELETE", "/api/v1/session", None, headers=headers))[0] == 204
        assert state(rig) == ("not-ready", SHIFT_ENDED)
        await given_back(rig)


async def test_a_phone_that_was_given_back_is_watched_no_more(rig, anna, app):
    await rig.ask("POST", "/api/v1/operators/anna/browser-phone?page=p1")
    assert len(app[PAGE_PHONES]._leaving) == 1
    await rig.ask("DELETE", "/api/v1/operators/anna/browser-phone")
    await until(lambda: not app[PAGE_PHONES]._leaving)
    assert state(rig) == ("ready", "")


async def test_who_is_no_operator_signs_out_too(rig):
    await Users(rig.database).add("boss", "Б", "supervisor", PASSWORD)
    body = {"user": "boss", "password": PASSWORD}
    _, _, response = await rig.ask("POST", "/api/v1/session", None, json=body, headers={OURS: "1"})
    headers = {"Cookie": f"{PLAIN}={response.cookies[PLAIN].value}", OURS: "1"}
    assert (await rig.ask("DELETE", "/api/v1/session", None, headers=headers))[0] == 204
