"""Every identifier is taken, read back and kept; ``any-id`` takes whichever it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.calllog.events import Identified, TicketAsked
from tests.unit.scripted import TICKET, walk
from tests.unit.small import service

ANY = "who: {collect: any-id, then: operator, found: operator}"


@pytest.mark.parametrize(
    ("kind", "keys", "read_back"),
    [
        ("inn", "7707083893#1", "77 07 083 893"),
        ("inn", "5001007322591", "50 01 007 322 59"),
        ("ogrn", "1027700132195#1", "1 02 77 001 321 95"),
        ("passport", "45091234561", "45 09 123 456"),
        ("phone", "89161234567#1", "8 916 123 45 67"),
    ],
)
async def test_each_is_read_back_in_groups_and_kept(tmp_path: Path, kind: str, keys: str, read_back: str) -> None:
    walked = await walk(service(tmp_path, f"who: {{collect: {kind}, then: operator}}"), keys, tmp_path)
    assert [event.kind for event in walked.log.of(Identified)] == [kind]
    assert any(f": {read_back}. " in heard for heard in walked.caller.heard)
    assert walked.end == "answered"


@pytest.mark.parametrize(
    ("kind", "short", "wrong"), [("inn", "123#", "7707083894#"), ("ogrn", "12#", "1027700132196#"),
                                 ("passport", "45#", "0009123456"), ("phone", "12#", "1111111111#")],
)  # fmt: skip
async def test_wrong_length_and_wrong_check_are_told_apart(tmp_path: Path, kind: str, short: str, wrong: str) -> None:
    walked = await walk(service(tmp_path, f"who: {{collect: {kind}, then: operator}}"), short + wrong, tmp_path)
    told = [name for name in walked.caller.uninterrupted if name.startswith(kind)]
    assert told == [f"{kind}-wrong-length", f"{kind}-wrong-check"]


@pytest.mark.parametrize(("keys", "kind"), [("11223344595#1", "snils"), ("500100732259#1", "inn")])
async def test_any_identifier_is_told_by_its_digits(tmp_path: Path, keys: str, kind: str) -> None:
    walked = await walk(service(tmp_path, ANY), keys, tmp_path)
    assert [event.kind for event in walked.log.of(Identified)] == [kind]


async def test_a_caller_is_asked_which_it_is_where_two_fit(tmp_path: Path) -> None:
    walked = await walk(service(tmp_path, ANY), "7707083893#21", tmp_path)
    assert "Если это ИНН, нажмите 1." in walked.caller.heard
    assert "Если это паспорт, нажмите 2." in walked.caller.heard
    assert [event.kind for event in walked.log.of(Identified)] == ["passport"]


async def test_whoever_is_asked_which_it_is_can_reach_a_person(tmp_path: Path) -> None:
    walked = await walk(service(tmp_path, ANY), "7707083893#0", tmp_path)
    assert walked.path == ["main.who", "main.operator", "main.bye"]
    assert not walked.log.of(Identified)


async def test_any_identifier_may_be_a_request_number(tmp_path: Path) -> None:
    walked = await walk(service(tmp_path, ANY), f"{TICKET}#1", tmp_path)
    assert [event.ticket for event in walked.log.of(TicketAsked)] == [TICKET]


async def test_a_request_number_is_none_of_them_where_it_leads_nowhere(tmp_path: Path) -> None:
    walked = await walk(service(tmp_path, "who: {collect: any-id, then: operator}"), f"{TICKET}#", tmp_path)
    assert "any-id-wrong-length" in walked.caller.uninterrupted
