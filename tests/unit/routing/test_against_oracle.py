"""The router against the oracle: the same offers and states after every event, and nobody lost."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from routing.alternatives import any_of
from routing.events import (
    ContactChanged,
    ConversationEnded,
    Enqueued,
    NotReady,
    OfferAccepted,
    OfferFailed,
    OperatorChanged,
    OperatorJoined,
    OperatorLeft,
    QueueChanged,
    QueueRemoved,
    Ready,
    TalkFound,
    Tick,
    Withdrawn,
)
from routing.model import Contact, OfferOutcome, Operator, Queue
from routing.orders import ORDERS
from routing.strategies import STRATEGIES
from tests.unit.routing.days import SKILLS, Pair, day

OPERATORS = ("anna", "olga", "petr", "timur")
CONTACTS = tuple(f"c{number}" for number in range(6))
groups = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3), max_size=2).filter(lambda group: len(group) != 1)
needs = st.builds(
    lambda plain, group: plain | any_of(group),
    st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 3), max_size=2),
    groups,
)
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
        prefer=st.one_of(st.just({}), needs),
        own=st.one_of(st.just(""), operators),
        sticky=st.sampled_from([2.0, 5.0, 40.0]),
        rises=st.lists(st.tuples(st.sampled_from([0.0, 3.0, 9.0]), st.integers(-1, 3)), max_size=2).map(tuple),
        later=later,
    )
    def enqueue(self, name, queue, waited, needs, relax, priority, prefer, own, sticky, rises, later):
        self.pair.now += later
        since = self.pair.now - waited
        self.pair.tell(Enqueued(Contact(name, queue, since, needs, relax, priority, prefer, own, sticky, rises)))

    @rule(
        name=contacts,
        queue=st.sampled_from(["q", "r", "s"]),
        needs=needs,
        relax=relax,
        own=st.one_of(st.just(""), operators),
        later=later,
    )
    def change_contact(self, name, queue, needs, relax, own, later):
        contact = Contact(name, queue, 0.0, needs, relax, operator=own, sticky=50.0)
        self.pair.tell(ContactChanged(contact), later)

    @rule(name=contacts, later=later)
    def withdraw(self, name, later):
        self.pair.tell(Withdrawn(name), later)

    @rule(data=st.data(), later=later)
    def accept(self, data, later):
        self.pair.tell(OfferAccepted(self.token(data)), later)

    @rule(data=st.data(), outcome=st.sampled_from(OfferOutcome), later=later)
    def fail(self, data, outcome, later):
        self.pair.tell(OfferFailed(self.token(data), outcome), later)

    @rule(operator=operators, name=contacts, queue=st.sampled_from(["q", "r", "s"]), later=later)
    def find_talking(self, operator, name, queue, later):
        self.pair.tell(TalkFound(operator, name, queue), later)

    @rule(data=st.data(), later=later)
    def end(self, data, later):
        self.pair.tell(ConversationEnded(self.token(data)), later)

    @rule(
        name=st.sampled_from(["q", "r"]),
        is_open=st.sampled_from([True, True, False]),
        order=st.sampled_from(sorted(ORDERS)),
        head_start=st.sampled_from([0.0, 4.0, 20.0]),
        strategy=st.sampled_from(sorted(STRATEGIES)),
        leave_free=st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 2), max_size=2),
        share=st.sampled_from([1.0, 2.5]),
    )
    def set_queue(self, name, is_open, order, head_start, strategy, leave_free, share):
        rules = {"order": order, "head_start": head_start, "strategy": strategy, "leave_free": leave_free}
        rules["share"] = share
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
    """Longer than hypothesis goes."""
    assert len(day(seed, 4000, operators, refusals).tokens) > 200
