"""Events that come twice, late or in another order, clocks that jump, operators and queues that go in mid-offer:
nobody has two offers, nobody is stuck when a lease is over, and no call is lost."""

from collections.abc import Callable
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from routing.events import (
    ContactChanged,
    ContactTurnedAway,
    ConversationEnded,
    Enqueued,
    Event,
    MakeOffer,
    NotReady,
    OfferAccepted,
    OfferFailed,
    OperatorChanged,
    OperatorJoined,
    OperatorLeft,
    OperatorStateChanged,
    QueueChanged,
    QueueRemoved,
    Ready,
    TalkFound,
    Tick,
    WaitExpected,
    Withdrawn,
    WithdrawOffer,
)
from routing.model import Contact, Loosening, OfferOutcome, OfferState, Operator, OperatorState, Queue, Sign
from routing.orders import ORDERS
from routing.router import Router
from routing.strategies import STRATEGIES

S = OperatorState
OPERATORS = ("anna", "olga", "petr")
CONTACTS = tuple(f"c{number}" for number in range(8))
RING, GRACE, WRAP_UP = 10.0, 5.0, 7.0
skills = st.dictionaries(st.sampled_from(["law", "tax"]), st.integers(1, 3), max_size=2)
operators, contacts = st.sampled_from(OPERATORS), st.sampled_from(CONTACTS)
queues = st.sampled_from(["q", "r"])
how = st.sampled_from(["now", "now", "now", "twice", "late", "late and twice"])
loosen = st.lists(
    st.builds(
        Loosening,
        st.sampled_from(list(Sign)),
        st.sampled_from([1.0, 3.0]),
        st.fixed_dictionaries({"law": st.integers(0, 1)}),
        priority=st.sampled_from([None, 2]),
    ),
    max_size=2,
).map(tuple)


class StrangeInput(RuleBasedStateMachine):
    """What the world knows by itself: who called and has not gone (``there``), and the offers that it was told of."""

    def __init__(self) -> None:
        super().__init__()
        numbers = count(1)
        rules = [Queue("q", ring=RING, wrap_up=WRAP_UP, reask=9.0), Queue("r", ring=RING, order="target-share")]
        self.router = Router(rules, tokens=lambda: f"t{next(numbers)}", grace=GRACE, moves=2)
        self.now = self.latest = 1000.0
        self.there: set[str] = set()
        self.offers: dict[str, MakeOffer] = {}
        self.states: dict[str, OperatorState] = {}
        self.tokens = ["t0"]
        self.late: list[Event] = []
        self.answered: set[str] = set()
        for name in OPERATORS[:2]:
            self.tell(OperatorJoined(Operator(name, {"law": 2, "tax": 2}), ready=True))

    def tell(self, event: Event, how: str = "now") -> None:
        if "late" in how:
            self.late += [event] * (1 + ("twice" in how))
            return
        for _ in range(1 + ("twice" in how)):
            self.heard(event)

    def heard(self, event: Event) -> None:
        if not isinstance(event, Tick):
            self.heard(Tick())  # what is due by now is told first
        before = {record.contact.id: record.lease for record in self.router.board.room}
        self.latest = max(self.latest, self.now)
        decisions = self.router.handle(event, self.now)
        self.learn(event, before)
        for decision in decisions:
            self.follow(decision)

    def learn(self, event: Event, before: dict) -> None:
        """Who came and who went, as the router has to see it."""
        token = getattr(event, "token", "")
        lease = next((each for each in before.values() if each and each.offer.token == token), None)
        match event:
            case Enqueued(contact):
                self.there.add(contact.id)
            case Withdrawn(id):
                self.there.discard(id)
            case OfferFailed(_, OfferOutcome.WITHDRAWN) if lease and lease.offer.token in self.offers:
                self.there.discard(lease.offer.contact)
            case ConversationEnded(_) if lease and lease.offer.token not in self.offers:
                self.there.discard(lease.offer.contact)
            case TalkFound(_, id, _) if self.router.board.room.get(id) is not None:
                self.there.add(id)
                talk = self.router.board.room.get(id).lease
                if talk is not None and talk.state is OfferState.ACCEPTED:
                    self.offers.pop(talk.offer.token, None)
        if isinstance(event, OfferAccepted | OfferFailed):
            self.offers.pop(event.token, None)

    def follow(self, decision) -> None:
        match decision:
            case OperatorStateChanged(operator, state, _, _):
                if state is S.OFFERED:
                    assert self.states[operator] is S.READY, "who is offered a call was free"
                self.states[operator] = state
            case MakeOffer(offer):
                both = [(each.offer.contact, each.offer.operator) for each in self.offers.values()]
                assert offer.contact not in {contact for contact, _ in both}, "one call is at one operator"
                assert offer.operator not in {operator for _, operator in both}, "one operator has one offer"
                self.offers[offer.token] = decision
                self.tokens.append(offer.token)
            case WithdrawOffer(offer, _):
                self.offers.pop(offer.token, None)
            case ContactTurnedAway(id, why):
                assert why
                self.there.discard(id)

    def token(self, data) -> str:
        leases = (record.lease.offer.token for record in self.router.board.room if record.lease)
        return data.draw(st.sampled_from([*leases, *self.tokens[-3:]]))

    @rule(id=contacts, queue=queues, needs=skills, waited=st.sampled_from([0.0, 50.0]), loosen=loosen, how=how)
    def call(self, id, queue, needs, waited, loosen, how):
        self.tell(Enqueued(Contact(id, queue, self.now - waited, needs, loosen=loosen)), how)

    @rule(id=contacts, queue=queues, needs=skills, how=how)
    def change_call(self, id, queue, needs, how):
        self.tell(ContactChanged(Contact(id, queue, 0.0, needs)), how)

    @rule(id=contacts, how=how)
    def hang_up(self, id, how):
        self.tell(Withdrawn(id), how)

    @rule(data=st.data(), how=how)
    def accept(self, data, how):
        self.tell(OfferAccepted(self.token(data)), how)

    @rule(data=st.data(), outcome=st.sampled_from(OfferOutcome), how=how)
    def fail(self, data, outcome, how):
        self.tell(OfferFailed(self.token(data), outcome), how)

    @rule(data=st.data(), how=how)
    def end(self, data, how):
        self.tell(ConversationEnded(self.token(data)), how)

    @rule(operator=operators, id=contacts, how=how)
    def find_a_talk(self, operator, id, how):
        self.tell(TalkFound(operator, id, "q"), how)

    @rule(
        operator=operators,
        skills=skills,
        event=st.sampled_from(["join", "change", "leave", "ready", "pause"]),
        how=how,
    )
    def operator_does(self, operator, skills, event, how):
        does: dict[str, Callable[[], Event]] = {
            "join": lambda: OperatorJoined(Operator(operator, skills), ready=True),
            "change": lambda: OperatorChanged(Operator(operator, skills)),
            "leave": lambda: OperatorLeft(operator),
            "ready": lambda: Ready(operator),
            "pause": lambda: NotReady(operator, "lunch"),
        }
        self.tell(does[event](), how)

    @rule(
        name=queues,
        is_open=st.booleans(),
        strategy=st.sampled_from(sorted(STRATEGIES)),
        order=st.sampled_from(sorted(ORDERS)),
        gone=st.booleans(),
        how=how,
    )
    def change_queue(self, name, is_open, strategy, order, gone, how):
        queue = Queue(name, strategy=strategy, order=order, ring=RING, wrap_up=WRAP_UP, open=is_open)
        self.tell(QueueRemoved(name) if gone else QueueChanged(queue), how)

    @rule(name=queues, seconds=st.sampled_from([None, 5.0]), how=how)
    def expect(self, name, seconds, how):
        self.tell(WaitExpected(name, seconds), how)

    @rule(data=st.data())
    def what_was_late_comes(self, data):
        if self.late:
            self.heard(self.late.pop(data.draw(st.integers(0, len(self.late) - 1))))

    @rule(seconds=st.sampled_from([0.5, 4.0, 30.0, -20.0, -0.001, 86400.0]))
    def the_clock_jumps(self, seconds):
        self.now += seconds
        self.heard(Tick())

    @invariant()
    def no_call_is_lost(self):
        assert {record.contact.id for record in self.router.board.room} == self.there

    @invariant()
    def nobody_is_at_two(self):
        leases = [record.lease for record in self.router.board.room if record.lease]
        assert len({lease.operator.operator.id for lease in leases}) == len(leases)
        for record in self.router.board.roster:
            assert (record.lease is not None) == (record.state in (S.OFFERED, S.TALKING))
            assert record.state is self.states[record.operator.id]

    def teardown(self):
        """The world is quiet again: leases run out, queues are open, somebody who can do everything takes the rest."""
        self.now = self.latest + RING + GRACE + 1.0  # the router's clock never went back
        self.heard(Tick())
        offered = [record for record in self.router.board.roster if record.state is S.OFFERED]
        assert all(record.lease.offer.made == self.now for record in offered), "no lease outlasts its time"
        self.now += WRAP_UP + 1.0
        self.heard(Tick())
        for name in ("q", "r"):
            self.heard(QueueChanged(Queue(name, ring=RING)))
        for name in OPERATORS:
            self.heard(OperatorLeft(name))
        self.heard(OperatorJoined(Operator("able", {"law": 5, "tax": 5}), ready=True))
        for _ in range(200):
            for record in list(self.router.board.room):
                if record.lapsed:
                    self.heard(Enqueued(record.contact))
                elif record.lease and record.lease.state is OfferState.PENDING:
                    self.heard(OfferAccepted(record.lease.offer.token))
                elif record.lease:
                    self.heard(ConversationEnded(record.lease.offer.token))
            self.now += 1.0
        assert self.there == set(), "each was served"
        assert [record.operator.id for record in self.router.board.roster] == ["able"]


StrangeInput.TestCase.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None, derandomize=True, print_blob=True
)
TestStrangeInput = StrangeInput.TestCase
