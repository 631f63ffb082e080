"""Router and oracle through the same random days, with every rule on; a long run: ``python -m bench.oracle``."""

from itertools import count
from random import Random

from msgspec.structs import replace

from routing.alternatives import any_of
from routing.events import (
    ContactChanged,
    ConversationEnded,
    Enqueued,
    MakeOffer,
    NotReady,
    OfferAccepted,
    OfferFailed,
    OperatorJoined,
    QueueChanged,
    Ready,
    TalkFound,
    Tick,
    WaitExpected,
    Withdrawn,
)
from routing.model import Contact, Loosening, OfferOutcome, Operator, Queue, Sign
from routing.orders import ORDERS
from routing.router import Router
from routing.strategies import STRATEGIES
from tests.unit.routing.oracle import WINDOW, Oracle

SKILLS = ("law", "tax", "language.tt")
QUEUES = [Queue("q", ring=10.0, wrap_up=5.0, reask=20.0), Queue("r", ring=4.0, reask=7.0, order="strict")]


MOVES = 2
"""Few, so that the bound is met often."""


class Pair:
    """Router and oracle, told the same."""

    def __init__(self) -> None:
        numbers = count(1)
        tokens, chance = (lambda: f"t{next(numbers)}"), Random(1)
        self.router = Router(QUEUES, tokens=tokens, grace=2.0, chance=Random(1), window=WINDOW, moves=MOVES)
        self.oracle = Oracle(QUEUES, grace=2.0, chance=chance, moves=MOVES)
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
        if oracle.hurried():
            assert deadline <= self.now
            return
        assert deadline is None or deadline > self.now
        due = [moment for moment in oracle.telling() if moment > self.now]
        assert not due or (deadline is not None and deadline <= min(due))  # nothing is overslept


def day(seed: int, events: int, operators: int, refusals: int) -> Pair:
    """Offers are compared after every event, everything else after each tenth."""
    chance, pair = Random(seed), Pair()
    names = [f"op{number}" for number in range(operators)]
    for number in range(events):
        pair.tell(_event(chance, pair, names, number, refusals), chance.expovariate(2.0))
        if number % 10 == 0:
            pair.check()
    return pair


def _event(chance: Random, pair: Pair, names: list[str], number: int, refusals: int):
    live = [call.token for call in pair.oracle.calls.values() if call.op] or pair.tokens
    token = chance.choice(live if chance.random() < 0.9 else pair.tokens)
    weights = [18, 30, 22, refusals, 10 + refusals, 2 + refusals // 3, 3, 12, 1, 4, 2, 2]
    kind = chance.choices(range(len(weights)), weights=weights)[0]
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
    if kind == 8:
        return QueueChanged(rules(chance, chance.choice("qr")))
    if kind == 9:
        known = chance.choice([record.contact.id for record in pair.router.board.room] or ["c0"])
        return ContactChanged(replace(_contact(chance, pair, number), id=known))
    if kind == 10:
        return WaitExpected(chance.choice("qr"), chance.choice([None, 10.0, 40.0]))
    if kind == 11:
        known = chance.choice([record.contact.id for record in pair.router.board.room] or ["c0"])
        return TalkFound(name, known if chance.random() < 0.7 else f"c{number}", chance.choice("qrs"))
    waiting = [record.contact.id for record in pair.router.board.room]
    return Withdrawn(chance.choice(waiting)) if waiting else Tick()


def rules(chance: Random, name: str) -> Queue:
    """A queue with rules of every kind."""
    return Queue(
        name,
        strategy=chance.choice(sorted(STRATEGIES)),
        ring=chance.choice([4.0, 10.0]),
        wrap_up=chance.choice([0.0, 5.0]),
        reask=chance.choice([7.0, 20.0]),
        order=chance.choice(sorted(ORDERS)),
        head_start=chance.choice([0.0, 4.0, 20.0]),
        leave_free=chance.choice([{}, {"law": 1}, {"law": 1, "tax": 2}]),
        share=chance.choice([1.0, 3.0]),
    )


def _contact(chance: Random, pair: Pair, number: int) -> Contact:
    needs = {skill: chance.randint(1, 3) for skill in chance.sample(SKILLS, chance.randint(0, 2))}
    if chance.random() < 0.3:
        needs |= any_of({skill: chance.randint(1, 3) for skill in chance.sample(SKILLS, 2)})
    relax = ((4.0, dict.fromkeys(needs, 1)), (9.0, {})) if chance.random() < 0.5 else ()
    prefer = {chance.choice(SKILLS): chance.randint(1, 3)} if chance.random() < 0.3 else {}
    queue, priority = chance.choice("qr"), chance.choice([0, 0, 1])
    own, sticky = f"op{chance.randrange(8)}" if chance.random() < 0.3 else "", chance.choice([3.0, 9.0, 30.0])
    rises = ((3.0, 2), (8.0, 5)) if chance.random() < 0.3 else ()
    loosen = tuple(loosening(chance) for _ in range(chance.choice([0, 0, 1, 2])))
    return Contact(f"c{number}", queue, pair.now, needs, relax, priority, prefer, own, sticky, rises, loosen)


def loosening(chance: Random) -> Loosening:
    """Of any kind."""
    when, least = chance.choice(
        [(Sign.AFTER, 5.0), (Sign.WAITING, 3), (Sign.WAITING, 6), (Sign.EXPECTED, 30.0), (Sign.IDLE, 1), (Sign.IDLE, 2)]
    )
    return Loosening(
        when,
        least,
        needs={skill: chance.randint(0, 2) for skill in chance.sample(SKILLS, chance.randint(0, 2))},
        any_of=chance.choice([{}, {chance.choice(SKILLS): chance.randint(1, 2)}]),
        prefer=chance.random() < 0.5,
        priority=chance.choice([None, None, 1, 3]),
    )
