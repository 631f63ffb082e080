"""The real router gives what queueing theory says of it. The whole tables: ``python -m bench.reference``."""

from __future__ import annotations

import pytest

from bench import queueing
from bench.control import controlled, fifo_waits
from routing.events import MakeOffer
from routing.simulate.figures import rows
from routing.simulate.run import run
from tests.unit.routing.simulate import formulas

SEED = "light"
BATCHES = 20
LEVEL = 0.99


def test_the_formulas_give_the_published_values() -> None:
    assert formulas.m_m_s(10, 8, 180) == pytest.approx((0.4092, 36.83, 0.6724), rel=2e-4)
    assert formulas.m_m_s(200, 190, 300) == pytest.approx((0.3653, 10.96, 0.8125), rel=4e-4)
    assert formulas.erlang_a(10, 8, 180, 120) == pytest.approx((0.2624, 0.0621, 7.45), rel=1e-3)
    assert formulas.erlang_a(50, 45, 300, 120) == pytest.approx((0.2001, 0.0286, 3.43), rel=3e-3)
    assert formulas.priority_waits(50, 300, (1.44, 3.36, 43.2)) == pytest.approx([4.29, 4.75, 115.2], rel=1e-3)
    n = formulas.fcfs_alis(_n_servers(), {"A": 1.6, "B": 1.4})
    assert n == pytest.approx({"A": 0.4415, "B": 1.5822}, rel=1e-3)


@pytest.mark.parametrize(("agents", "erlangs", "service"), [(10, 8, 180), (100, 95, 300)])
def test_every_single_wait_is_that_of_the_recursion_of_kiefer_and_wolfowitz(agents, erlangs, service) -> None:
    """Stronger than means: call by call, first come first served with the earliest free operator."""
    simulated, waits = queueing.erlang(agents, erlangs, service, calls=4000), {}

    def watch(router, event, decisions, now) -> None:
        for decision in decisions:
            if isinstance(decision, MakeOffer):
                since = router.board.room.get(decision.offer.contact).contact.since
                waits[since] = now - since

    run(simulated, SEED, watch=watch)
    known = dict(fifo_waits(simulated, SEED, agents))
    assert waits.keys() == known.keys()
    assert sum(wait > 0 for wait in waits.values()) > 500
    assert max(abs(waits[at] - known[at]) for at in known) < 1e-6


def test_erlang_c() -> None:
    row = _row(queueing.erlang(10, 8, 180, 40_000))
    delayed, wait, in_time = formulas.m_m_s(10, 8, 180)
    assert row.delayed.holds(delayed)
    assert row.mean_wait.holds(wait)
    assert row.service_level.holds(in_time)
    assert row.occupancy.holds(0.8)
    assert row.service_level.half < 0.05
    assert row.mean_wait.half < 0.3 * wait


def test_erlang_a() -> None:
    row = _row(queueing.erlang(10, 8, 180, 40_000, patience=120))
    delayed, left, wait = formulas.erlang_a(10, 8, 180, 120)
    assert row.delayed.holds(delayed)
    assert row.abandoned.holds(left)
    assert row.mean_wait.holds(wait)
    assert row.abandoned.half < 0.15 * left


def test_the_product_form_of_the_n_system() -> None:
    """With the pooled waits of the same calls as a control, for a run that a fast suite can afford."""
    simulated = queueing.n_system(40_000)
    known = formulas.fcfs_alis(_n_servers(), {"A": 1.6, "B": 1.4})
    measured = _by_kind(simulated, agents=4, pooled=formulas.m_m_s(4, 3, 1.0)[1])
    for kind, figure in measured.items():
        assert figure.holds(known[kind])
        assert figure.half < 0.15 * known[kind]


def test_strict_priorities() -> None:
    simulated = queueing.priorities(30_000, [{"priority": 2}, {"priority": 1}, {}], queueing.STRICT)
    known = formulas.priority_waits(50, 300, (1.44, 3.36, 43.2))
    measured = _by_kind(simulated, agents=50, pooled=formulas.m_m_s(50, 48, 300)[1])
    for value, figure in zip(known, measured.values(), strict=True):
        assert figure.holds(value)
    assert measured["normal"].half < 0.05 * known[2]


def test_every_single_wait_with_head_starts_is_that_of_dynamic_priorities() -> None:
    """Ten minutes for the urgent, two for callers with a disability. What it does to their waits: bench.reference."""
    simulated, waits = queueing.priorities(6000, queueing.HEAD_STARTS), {}

    def watch(router, event, decisions, now) -> None:
        for decision in decisions:
            if isinstance(decision, MakeOffer):
                since = router.board.room.get(decision.offer.contact).contact.since
                waits[since] = now - since

    run(simulated, SEED, watch=watch)
    known = formulas.dynamic_priority_waits(_calls(simulated), agents=50)
    assert waits.keys() == known.keys()
    assert sum(wait > 0 for wait in waits.values()) > 500
    assert max(abs(waits[at] - known[at]) for at in known) < 1e-6


def _calls(simulated) -> list[tuple[float, float, float]]:
    """When each call comes, how long it lasts, its head start (s)."""
    starts = (600.0, 120.0, 0.0)
    streams = zip(simulated.streams, starts, strict=True)
    return sorted((call.at, call.service, start) for each, start in streams for call in each.arrivals(SEED))


def test_two_skills_an_operator_are_almost_as_good_as_all_six() -> None:
    """Same calls, so that the difference is the skills' and not chance's."""
    one, two, six = (
        rows(simulated, run(simulated, SEED))[0].mean_wait.mean
        for simulated in (queueing.few_skills(skills, 20_000, lines=120) for skills in ("1", "2 even", "6"))
    )
    assert two < six + 0.12 * (one - six)


def _n_servers() -> list[frozenset[str]]:
    return [frozenset("A"), frozenset("A"), frozenset("AB"), frozenset("AB")]


def _row(simulated):
    return rows(simulated, run(simulated, SEED, periods=BATCHES), LEVEL)[0]


def _by_kind(simulated, agents, pooled):
    periods = run(simulated, SEED, periods=BATCHES)
    return {
        each.kind: controlled(periods, [index], simulated, SEED, agents=agents, pooled=pooled)
        for index, each in enumerate(simulated.streams)
    }
