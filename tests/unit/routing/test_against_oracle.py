"""The router against the oracle: the same offers and states after every event, and nobody lost."""

from itertools import count
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from routing.events import (
    ConversationEnded,
    Enqueued,
    MakeOffer,
    NotReady,
    OfferAccepted,
    OfferFailed,
    OperatorChanged,
    OperatorJoined,
    OperatorLeft,
    QueueChanged,
    QueueRemoved,
    Ready,
    Tick,
    Withdrawn,
)
from routing.model import Contact, OfferOutcome, Operator, Queue
from routing.router import Router
from tests.unit.routing.oracle import Oracle

OPERATORS = ("anna", "olga", "petr", "timur")
CONTACTS = tuple(f"c{number}" for number in range(6))
SKILLS = ("law", "tax", "language.tt")
QUEUES = [Queue("q", ring=10.0, wrap_up=5.0, reask=20.0), Queue("r", ring=4.0, reask=7.0, order="strict")]


class Pair:
    """Router and oracle, told the same."""

    def __init__(self) -> None:
        numbers = count(1)
        self.router = Router(QUEUES, tokens=lambda: f"t{next(numbers)}", grace=2.0)
        self.oracle = Oracle(QUEUES, grace=2.0)
        self.now = 0.0
        self.tokens = ["t0"]

    def tell(self, event, later: float = 0.0) -> None:
        self.now += later
        decisions = self.router.handle(event, self.now)
        offers = [d.offer for d in decisions if isinstance(d, MakeOffer)]
        expected = self.oracle.handle(event, self.now)
        assert [(o.token, o.contact, o.operator) for o in offers] == expected, event
        self.tokens += [o.token for o in offers]

    def check(self) -> None:
        board, oracle = self.router.board, self.oracle
        states = {r.operator.id: (str(r.state), r.reason, r.pause, r.leaving) for r in board.roster}
        assert states == {o.id: (o.state, o.reason, o.pause, o.leaving) for o in oracle.ops.values()}
        contacts = {c.contact.id: (c.lease.operator.operator.id if c.lease else None) for c in board.room}
        assert contacts == {i: (c.op.id if c.op else None) for i, c in oracle.calls.items()}
        busy = [operator for operator in contacts.values() if operator]
        assert len(busy) == len(set(busy))  # nobody has two
        for call in oracle.calls.values():
            assert call.state != "waiting" or not oracle.takers(call)  # nobody idle beside a call they may take
        assert board.room.waiting == sum(c.bucket is not None for c in board.room)
        deadline = self.router.deadline()
        assert deadline is None or deadline > self.now
        due = [moment for moment in oracle.moments() if moment > self.now]
        assert not due or (deadline is not None and deadline <= min(due))  # nothing is overslept


needs = st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 3), max_size=2)
skills = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3))
relax = st.lists(st.tuples(st.sampled_from([0.0, 3.0, 8.0, 8.5]), needs), max_size=2).map(tuple)
operators = st.sampled_from(OPERATORS)
contacts = st.sampled_from(CONTACTS)
later = st.sampled_from([0.0, 0.0, 0.5, 1.0, 5.0, 30.0])


class RouterAgainstOracle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair()
        for name in OPERATORS[:3]:
            self.pair.tell(OperatorJoined(Operator(name, dict.fromkeys(SKILLS, 3)), ready=True))

    def token(self, data) -> str:
        live = [call.token for call in self.pair.oracle.calls.values() if call.op]
        return data.draw(st.sampled_from(live * 4 + self.pair.tokens[-2:]))

    @rule(name=operators, skills=skills, ready=st.booleans(), later=later)
    def join(self, name, skills, ready, later):
        self.pair.tell(OperatorJoined(Operator(name, skills), ready, "new"), later)

    @rule(name=operators, skills=skills)
    def change(self, name, skills):
        self.pair.tell(OperatorChanged(Operator(name, skills)))

    @rule(name=operators, later=later)
    def leave(self, name, later):
        self.pair.tell(OperatorLeft(name), later)

    @rule(name=operators, later=later)
    def ready(self, name, later):
        self.pair.tell(Ready(name), later)

    @rule(name=operators, reason=st.sampled_from(["", "lunch"]))
    def not_ready(self, name, reason):
        self.pair.tell(NotReady(name, reason))

    @rule(
        name=contacts,
        queue=st.sampled_from(["q", "q", "r", "s"]),
        waited=st.sampled_from([0.0, 0.0, 4.0, 100.0]),
        needs=needs,
        relax=relax,
        priority=st.sampled_from([0, 0, 0, 1, -1]),
        later=later,
    )
    def enqueue(self, name, queue, waited, needs, relax, priority, later):
        self.pair.now += later
        self.pair.tell(Enqueued(Contact(name, queue, self.pair.now - waited, needs, relax, priority)))

    @rule(name=contacts, later=later)
    def withdraw(self, name, later):
        self.pair.tell(Withdrawn(name), later)

    @rule(data=st.data(), later=later)
    def accept(self, data, later):
        self.pair.tell(OfferAccepted(self.token(data)), later)

    @rule(data=st.data(), outcome=st.sampled_from(OfferOutcome), later=later)
    def fail(self, data, outcome, later):
        self.pair.tell(OfferFailed(self.token(data), outcome), later)

    @rule(data=st.data(), later=later)
    def end(self, data, later):
        self.pair.tell(ConversationEnded(self.token(data)), later)

    @rule(
        name=st.sampled_from(["q", "r"]),
        is_open=st.sampled_from([True, True, False]),
        order=st.sampled_from(["head-start", "strict"]),
        head_start=st.sampled_from([0.0, 4.0, 20.0]),
    )
    def set_queue(self, name, is_open, order, head_start):
        rules = {"order": order, "head_start": head_start}
        self.pair.tell(QueueChanged(Queue(name, ring=6.0, wrap_up=3.0, open=is_open, reask=9.0, **rules)))

    @rule()
    def remove_queue(self):
        self.pair.tell(QueueRemoved("r"))

    @rule()
    def sleep_until_the_deadline(self):
        deadline = self.pair.router.deadline()
        if deadline is not None:
            self.pair.now = deadline
            self.pair.tell(Tick())

    @rule(seconds=st.sampled_from([0.0, 1.0, 60.0, -10.0]))
    def time_jumps(self, seconds):
        self.pair.now = max(0.0, self.pair.now + seconds)
        self.pair.tell(Tick())
        self.pair.now = max(self.pair.now, self.pair.oracle.now)

    @invariant()
    def they_agree(self):
        self.pair.check()


RouterAgainstOracle.TestCase.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None, derandomize=True, print_blob=True
)
TestRouterAgainstOracle = RouterAgainstOracle.TestCase


@pytest.mark.parametrize(("seed", "operators", "refusals"), [(1, 12, 4), (2, 3, 25), (3, 6, 40), (4, 30, 10)])
def test_a_long_day_with_many_calls(seed, operators, refusals):
    """Longer than hypothesis goes: offers are compared after every event, everything else after each tenth."""
    chance, pair = Random(seed), Pair()
    names = [f"op{number}" for number in range(operators)]
    for number in range(4000):
        pair.tell(_event(chance, pair, names, number, refusals), chance.expovariate(2.0))
        if number % 10 == 0:
            pair.check()
    assert len(pair.tokens) > 200


def _event(chance: Random, pair: Pair, names: list[str], number: int, refusals: int):
    live = [call.token for call in pair.oracle.calls.values() if call.op] or pair.tokens
    token = chance.choice(live if chance.random() < 0.9 else pair.tokens)
    kind = chance.choices(range(8), weights=[18, 30, 22, refusals, 10 + refusals, 2 + refusals // 3, 3, 12])[0]
    name = chance.choice(names)
    if kind == 0:
        lapsed = [call.contact for call in pair.oracle.calls.values() if call.state == "lapsed"]
        return Enqueued(lapsed[0] if lapsed else _contact(chance, pair, number))
    if kind == 1:
        return OfferAccepted(token)
    if kind == 2:
        return ConversationEnded(token)
    if kind == 3:
        return OfferFailed(token, chance.choice(list(OfferOutcome)))
    if kind == 4:
        return Ready(name)
    if kind == 5:
        return NotReady(name, "lunch")
    if kind == 6:
        skills = {skill: chance.randint(1, 3) for skill in chance.sample(SKILLS, 2)}
        return OperatorJoined(Operator(name, skills), ready=True)
    waiting = [record.contact.id for record in pair.router.board.room]
    return Withdrawn(chance.choice(waiting)) if waiting else Tick()


def _contact(chance: Random, pair: Pair, number: int) -> Contact:
    needs = {skill: chance.randint(1, 3) for skill in chance.sample(SKILLS, chance.randint(0, 2))}
    relax = ((4.0, dict.fromkeys(needs, 1)), (9.0, {})) if chance.random() < 0.5 else ()
    return Contact(f"c{number}", chance.choice("qr"), pair.now, needs, relax, priority=chance.choice([0, 0, 1]))
