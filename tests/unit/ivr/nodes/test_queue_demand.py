"""What a queue's node asks of the router for its calls."""

from __future__ import annotations

import pytest

from ivr.calllog.events import TicketAsked
from ivr.calllog.state import CallState
from ivr.nodes.queue import Queue
from routing.model import Loosening, Sign


def test_the_operator_who_spoke_with_the_caller_is_asked_first_for_a_while() -> None:
    node = Queue.model_validate({"queue": "technical", "sticky": "60s", "prefer": {"technical": "4"}})
    first = node.asks(CallState("c1"), {}, record=True)
    assert (first.operator, first.prefer) == ("", {"technical": 4})
    request = node.asks(CallState("c1", operator="op-7"), {}, record=True)
    assert (request.operator, request.sticky) == ("op-7", 60.0)
    asked = CallState("c2")
    asked.apply(TicketAsked(at=0.0, ticket=5, found=True, operator="op-3"))
    assert node.asks(asked, {}, record=True).operator == "op-3", "who had the request that the caller asks about"


def test_an_operator_is_named_with_a_time() -> None:
    named = Queue.model_validate({"queue": "technical", "sticky": "60s", "operator": "op-1"})
    assert named.asks(CallState("c1", operator="op-7"), {}, record=True).operator == "op-1"
    with pytest.raises(ValueError, match="add 'sticky: 60s'"):
        Queue.model_validate({"queue": "technical", "operator": "op-1"})


def test_a_priority_rises_with_the_wait() -> None:
    node = Queue.model_validate({"queue": "technical", "rises": {"after 10m": 20, "after 3m": 5}})
    assert node.request("ru", {}).rises == ((180.0, 5), (600.0, 20))


def test_one_of_several_skills_will_do_and_after_a_while_one_more() -> None:
    written = {"queue": "technical", "needs": {}, "any-of": {"technical": 2, "account": 3}}
    later = {"widen": {"after 90s": {"payments": 1}}, "relax": {"after 60s": {"documents": "1"}}}
    request = Queue.model_validate({**written, **later}).request("ru", {})
    assert request.needs == {"account:3 or technical:2": 1}
    assert request.relax == (
        (60.0, {"documents": 1, "account:3 or technical:2": 1}),
        (90.0, {"documents": 1, "account:3 or payments:1 or technical:2": 1}),
    )
    with pytest.raises(ValueError, match="write 'any-of' as well"):
        Queue.model_validate({"queue": "technical", **later})


def test_less_is_needed_by_wait_by_load_and_by_who_is_free() -> None:
    written = {"needs": {"technical": "3", "language": "caller"}, "any-of": {"account": 2, "payments": 3}}
    loosen = {
        "waiting 20": {"needs": {"technical": "1"}},
        "expected 5m": {"needs": {"language": "any"}, "priority": 4},
        "idle 3": {"any-of": {"documents": 1}},
        "after 90s": {"prefer": "no"},
    }
    request = Queue.model_validate({"queue": "technical", **written, "loosen": loosen}).request("tt", {})
    assert request.loosen == (
        Loosening(Sign.WAITING, 20, {"technical": 1}),
        Loosening(Sign.EXPECTED, 300, {"language.tt": 0}, priority=4),
        Loosening(Sign.IDLE, 3, any_of={"documents": 1}),
        Loosening(Sign.AFTER, 90, prefer=False),
    )


@pytest.mark.parametrize(
    ("loosen", "mend"),
    [
        ({"waiting 0": {"priority": 1}}, "write 'after 60s', 'waiting 20'"),
        ({"idle 3": {"needs": {"technical": "2"}}}, "a level below"),
        ({"idle 3": {"needs": {"account": "1"}}}, "a level below"),
        ({"idle 3": {"any-of": {"account": 1}}}, "'any-of' as well"),
        ({"idle 3": {}}, "'prefer: no'"),
    ],
)
def test_what_loosens_nothing_is_told(loosen: dict[str, object], mend: str) -> None:
    with pytest.raises(ValueError, match=mend):
        Queue.model_validate({"queue": "technical", "needs": {"technical": "2"}, "loosen": loosen})
