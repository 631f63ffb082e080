"""The rules again, by scanning everything each time: slow, without indices, so plain that it can be read."""

# ruff: noqa: N802 - a method is named after the event that it handles

from dataclasses import dataclass, field
from itertools import count, pairwise
from types import SimpleNamespace

from msgspec.structs import replace

from routing.events import OfferAccepted, Withdrawn
from routing.model import Contact, OfferOutcome, Queue

WINDOW = 30.0
DUTY = ("ready", "offered", "talking", "after-call-work")


@dataclass(eq=False)
class Op:
    id: str
    skills: dict
    oracle: "Oracle"
    state: str = "not-ready"
    reason: str = ""
    idle: tuple = (0.0, 0)
    work_ends: tuple | None = None
    pause: str | None = None
    leaving: bool = False
    call: "Call | None" = None
    turn: int = 0

    def __setattr__(self, name, value):
        """Whatever state there was is remembered, with when it began."""
        if name == "state":
            was = self.__dict__.setdefault("was", [])
            self.__dict__.setdefault("all", []).append((self.oracle.now, value))
            self.__dict__.setdefault("refused", [])
            was.append((self.oracle.now, value))
            while len(was) > 1 and was[1][0] < self.oracle.now - WINDOW:
                del was[0]
        super().__setattr__(name, value)

    def spent(self, states):
        """Seconds of the window in these states."""
        ends = [at for at, _ in self.was[1:]] + [self.oracle.now]
        since = self.oracle.now - WINDOW
        stretches = [(max(at, since), end) for (at, state), end in zip(self.was, ends, strict=True) if state in states]
        return sum(max(0.0, end - start) for start, end in stretches)

    @property
    def occupied(self):
        """Work lately, to a percent, then work today."""
        duty, since = self.spent(DUTY), self.oracle.now - WINDOW
        work = self.spent(DUTY[1:]) + 180.0 * sum(at > since for at in self.refused)
        return round(work / duty, 2) if duty else 0.0, round(self.today(), 3)

    def today(self):
        ends = [at for at, _ in self.all[1:]] + [self.oracle.now]
        return sum(end - at for (at, state), end in zip(self.all, ends, strict=True) if state in DUTY[1:])


@dataclass(eq=False)
class Call:
    oracle: "Oracle"
    contact: Contact
    n: int
    refused: dict = field(default_factory=dict)
    held: bool = False
    state: str = "waiting"
    op: Op | None = None
    token: str = ""
    expires: float = 0.0
    queue: object = None
    tag: float | None = None
    seen: float = float("-inf")
    looked: int = 0
    loosened: set = field(default_factory=set)

    @property
    def rules(self):
        return self.oracle.queues.get(self.contact.queue) or Queue(self.contact.queue)

    @property
    def own(self):
        """Its place among the calls of its queue."""
        since = self.contact.since
        rises = [p for after, p in self.contact.rises if since + after <= self.seen]
        loosened = [each.priority for each in self.holding if each.priority is not None]
        priority = max([self.contact.priority, *rises, *loosened])
        strict = self.rules.order == "strict"
        return (-priority, since, self.n) if strict else (0, since - priority * self.rules.head_start, self.n)

    @property
    def order(self):
        return self.own if self.tag is None else (0, self.tag, *self.own[1:])

    def steps(self):
        """When it is next looked at whether its wait has changed what it needs, or its priority."""
        loosen = tuple((each.least, each) for each in self.contact.loosen if each.when == "after")
        times = (self.contact.since + after for after, _ in self.contact.relax + self.contact.rises + loosen)
        return [at for at in times if at > self.seen]

    @property
    def eases(self):
        """Whether nothing changes as it waits but that it needs less: that is not counted among the moves."""
        relax = [needs for _, needs in sorted(self.contact.relax, key=lambda step: step[0])]
        chain = [self.contact.needs, *relax]
        less = all(
            need in a.items() or has(SimpleNamespace(skills=a), *need) for a, b in pairwise(chain) for need in b.items()
        )
        return bool(relax and less and not self.contact.rises and not self.contact.loosen)

    @property
    def holding(self):
        """Its loosenings that hold."""
        for number, each in enumerate(self.contact.loosen):
            if number in self.loosened or (each.when == "after" and self.contact.since + each.least <= self.seen):
                yield each

    @property
    def prefer(self):
        return self.contact.prefer if all(each.prefer for each in self.holding) else {}

    def enough(self, each):
        """Whether there is so much of the sign that this loosening goes by."""
        others = [
            c for c in self.oracle.calls.values() if c.state == "waiting" and c.contact.queue == self.contact.queue
        ]
        ready = [op for op in self.oracle.ops.values() if op.state == "ready"]
        needs = loosened(self.needs, each)
        amount = {
            "waiting": len(others),
            "expected": self.oracle.expected.get(self.contact.queue, 0.0),
            "idle": sum(all(has(op, skill, level) for skill, level in needs.items()) for op in ready),
        }
        return each.when in amount and amount[each.when] >= each.least

    def look(self, loosened=frozenset()):
        """What it needs and how urgent it is by now."""
        before, self.seen, self.looked = self.own, self.oracle.now, next(self.oracle.numbers)
        self.loosened = self.loosened | loosened
        if self.own != before:
            self.oracle.tags.move(self)

    @property
    def needs(self):
        return self.needs_at(self.seen)

    def needs_at(self, moment):
        needs = self.contact.needs
        for after, relaxed in sorted(self.contact.relax, key=lambda step: step[0]):
            if self.contact.since + after <= moment:
                needs = relaxed
        for each in self.holding:
            needs = loosened(needs, each)
        return needs


def loosened(needs, by):
    """The lower of both levels, and of the first need that one of several skills meets the wider."""
    found, widened = {}, False
    for skill, level in needs.items():
        if ":" in skill and by.any_of and not widened:
            levels = [(each.split(":")[0], int(each.split(":")[1])) for each in skill.split(" or ")]
            levels += by.any_of.items()
            lowest = {name: min(n for other, n in levels if other == name) for name, _ in levels}
            found[" or ".join(f"{name}:{n}" for name, n in sorted(lowest.items()))], widened = level, True
        else:
            found[skill] = min(level, by.needs.get(skill, level))
    return found


class Tags:
    """Places by target share. A queue's calls keep their order, and each new one's tag is 1/share after the last."""

    def __init__(self, oracle):
        self.oracle, self.clock, self.last, self.step = oracle, 0.0, {}, {}

    def others(self, call):
        return [c for c in self.oracle.calls.values() if c.tag is not None and c.rules is call.rules and c is not call]

    def enter(self, call):
        if call.rules.order != "target-share":
            return
        name = call.contact.queue
        self.step[name] = 1.0 / call.rules.share
        call.tag = self.last[name] = max(self.last.get(name, self.clock), self.clock) + self.step[name]
        self.move(call)

    def move(self, call):
        """Between those before it and those after it."""
        if call.tag is None:
            return
        others = self.others(call)
        call.tag = max([call.tag, *(c.tag for c in others if c.own < call.own)])
        call.tag = min([call.tag, *(c.tag for c in others if c.own > call.own)])

    def leave(self, call, answered=False):
        if call.tag is not None and answered:
            self.clock = max(self.clock, call.tag)
        elif call.tag is not None:
            self.last[call.contact.queue] -= self.step[call.contact.queue]
        call.tag = None

    def rules_changed(self, name):
        calls = [c for c in self.oracle.calls.values() if c.contact.queue == name and c.state != "talking"]
        self.last.pop(name, None)
        for call in calls:
            call.tag = None
        for call in sorted(calls, key=lambda c: c.own):
            self.enter(call)


def has(op, skill, level):
    if ":" in skill:
        return any(has(op, *each.split(":")) for each in skill.split(" or "))
    return op.skills.get(skill, 0) >= int(level)


def levels(op, needs):
    """The sum of the levels in what is needed: the highest, where one of several will do."""
    named = [
        [each.split(":")[0] for each in skill.split(" or ")]
        for skill, level in needs.items()
        if level and "." not in skill
    ]
    return sum(max(op.skills.get(skill, 0) for skill in skills) for skills in named)


class Oracle:
    def __init__(self, queues, grace, chance, moves):
        self.chance, self.moves = chance, moves
        self.behind: list[Call] = []
        self.expected: dict[str, float] = {}
        self.queues = {queue.name: queue for queue in queues}
        self.grace = grace
        self.now = float("-inf")
        self.ops: dict[str, Op] = {}
        self.calls: dict[str, Call] = {}
        self.tokens = count(1)
        self.numbers = count(1)
        self.offers: list[tuple[str, str, str]] = []
        self.tags = Tags(self)

    # Time

    def moments(self):
        for call in self.calls.values():
            if call.state == "offered":
                yield call.expires
            if call.state != "waiting":
                continue
            yield from call.steps()
            if call.held:
                yield call.contact.since + call.contact.sticky
            yield from call.refused.values()
        for op in self.ops.values():
            if op.state == "after-call-work":
                yield op.work_ends[0]

    def telling(self):
        """The moments that may lead to anything, as things are: a relaxation does only where it finds somebody free."""
        calls = [call for call in self.calls.values() if call.state == "waiting"]
        eased = {call.contact.since + after: call for call in calls for after, _ in call.contact.relax}
        ready = [op for op in self.ops.values() if op.state == "ready"]
        for at in self.moments():
            call = eased.get(at)
            free = [op for op in ready if call is None or not self.left_free(op, call, ready)]
            if call is None or any(self.able(op, call, call.needs_at(at)) for op in free):
                yield at

    def handle(self, event, now):
        self.offers = []
        before, self.now = self.now, max(now, self.now)
        self.left = self.moves
        for call in list(self.behind):
            self.move(call)
        for moment in sorted({m for m in self.moments() if before < m <= self.now}):
            self.pass_moment(moment)
        self.settle()
        getattr(self, type(event).__name__)(event)
        self.settle()
        while self.left and (due := self.in_need()):
            _, number, call = due[0]
            self.move(call, {number})
            self.settle()
        return self.offers

    def in_need(self):
        """Who may do with less, by their places."""
        calls = [call for call in self.calls.values() if call.state == "waiting"]
        numbered = [(call.order, n, call, each) for call in calls for n, each in enumerate(call.contact.loosen)]
        due = [(order, n, c) for order, n, c, each in numbered if n not in c.loosened and c.enough(each)]
        return sorted(due, key=lambda each: each[:2])

    def hurried(self):
        return bool(self.behind or (not self.left and self.in_need()))

    def move(self, call, loosened=frozenset()):
        """No more than so many in an event; the others at the next one."""
        if self.left:
            self.left -= 1
            self.stays(call)
            call.look(loosened)
        elif call not in self.behind:
            self.behind.append(call)

    def stays(self, call):
        if call in self.behind:
            self.behind.remove(call)

    def pass_moment(self, moment):
        for call in list(self.calls.values()):
            if call.state == "offered" and call.expires <= moment:
                self.fail(call, OfferOutcome.EXPIRED)
        done = [op for op in self.ops.values() if op.state == "after-call-work" and op.work_ends[0] <= moment]
        for op in sorted(done, key=lambda op: op.work_ends):
            self.make_ready(op)
        due = [c for c in self.calls.values() if c.state == "waiting" and min(c.steps(), default=moment + 1) <= moment]
        for call in sorted(due, key=lambda c: (min(c.steps()), c.looked)):
            if call.eases:
                call.look()
            elif call not in self.behind:
                self.move(call)

    # Rules

    def able(self, op, call, needs=None):
        return all(has(op, skill, level) for skill, level in (call.needs if needs is None else needs).items())

    def may_ask(self, op, call):
        if op.id not in call.refused or call.refused[op.id] <= self.now:
            return True
        duty = [o for o in self.ops.values() if o.state in DUTY and o.pause is None and not o.leaving]
        return all(o.id in call.refused for o in duty if self.able(o, call))

    def holds(self, call):
        """Whether only the call's own operator is asked."""
        op, refused = self.ops.get(call.contact.operator), call.refused
        in_time = call.contact.since + call.contact.sticky > self.now
        on_duty = op and op.state in DUTY and op.pause is None and not op.leaving
        return bool(in_time and on_duty and op.id not in refused and self.able(op, call))

    def takers(self, call):
        ready = [op for op in self.ops.values() if op.state == "ready"]
        free = [op for op in ready if self.able(op, call) and not self.left_free(op, call, ready)]
        if call.held:
            return [op for op in free if op.id == call.contact.operator]
        fresh = [op for op in free if op.id not in call.refused]
        found = fresh or [op for op in free if self.may_ask(op, call)]
        preferred = [op for op in found if all(has(op, s, n) for s, n in call.prefer.items())]
        return preferred or found

    def left_free(self, op, call, ready):
        for skill, least in self.queues[call.contact.queue].leave_free.items():
            if op.skills.get(skill, 0) and sum(other.skills.get(skill, 0) > 0 for other in ready) <= least:
                return True
        return False

    def settle(self):
        for call in self.calls.values():
            call.held = call.held and self.holds(call)
        for call in sorted((c for c in self.calls.values() if c.state == "waiting"), key=lambda c: c.order):
            takers = self.takers(call)
            if takers:
                self.offer(call, self.choose(call, sorted(takers, key=lambda op: op.idle)))

    def choose(self, call, takers):
        """``takers`` are the longest idle first, which decides where all else is equal."""
        level = lambda op: levels(op, call.needs)  # noqa: E731
        match self.queues[call.contact.queue].strategy:
            case "longest-idle":
                return takers[0]
            case "least-occupied":
                return sorted(takers, key=lambda op: op.occupied)[0]
            case "best-skilled":
                return sorted(takers, key=level, reverse=True)[0]
            case "round-robin":
                return sorted(takers, key=lambda op: op.turn)[0]
            case "random" if takers[1:]:
                return self.chance.choice(takers)
            case "weighted" if takers[1:]:
                return self.chance.choices(takers, [level(op) or 1 for op in takers])[0]
        return takers[0]

    def offer(self, call, op):
        self.stays(call)
        call.queue = self.queues[call.contact.queue]
        op.turn = next(self.tokens)
        call.state, call.op, call.token = "offered", op, f"t{op.turn}"
        call.expires = self.now + call.queue.ring + self.grace
        op.state, op.reason, op.call = "offered", "", call
        self.offers.append((call.token, call.contact.id, op.id))

    # Ends

    def make_ready(self, op):
        if op.state != "offered":
            op.idle = (self.now, next(self.numbers))
        op.state, op.reason, op.call = "ready", "", None

    def free(self, op, state, reason=""):
        pause, op.pause, op.call = op.pause, None, None
        if op.leaving:
            del self.ops[op.id]
        elif pause is not None and state != "not-ready":
            op.state, op.reason = "not-ready", pause
        elif state == "ready":
            self.make_ready(op)
        else:
            op.state, op.reason = state, reason

    def put_back(self, call):
        call.state, call.op = "waiting", None
        queue = self.queues.get(call.contact.queue)
        if queue is None or not queue.open:
            self.gone(call)
        else:
            call.look()

    def gone(self, call):
        self.stays(call)
        self.tags.leave(call)
        del self.calls[call.contact.id]

    def fail(self, call, outcome):
        if outcome is OfferOutcome.WITHDRAWN:
            self.gone(call)
            self.free(call.op, "ready")
        else:
            call.refused[call.op.id] = self.now + call.queue.reask
            op = call.op
            if outcome is not OfferOutcome.UNREACHABLE:
                op.refused.append(self.now)
            if outcome is OfferOutcome.EXPIRED:
                call.state, call.op = "lapsed", None
            else:
                self.put_back(call)
            self.free(op, "not-ready", outcome.value)

    def finish(self, call):
        del self.calls[call.contact.id]
        op, wrap_up = call.op, call.queue.wrap_up
        self.free(op, "after-call-work" if wrap_up else "ready")
        op.work_ends = (self.now + wrap_up, next(self.numbers))

    def by_token(self, token, state):
        return next((c for c in self.calls.values() if c.token == token and c.state == state), None)

    # Events

    def OperatorJoined(self, e):
        if e.operator.id in self.ops:
            op = self.ops[e.operator.id]
            op.leaving, op.skills = False, e.operator.skills
        else:
            op = self.ops[e.operator.id] = Op(e.operator.id, e.operator.skills, self, reason=e.reason)
            if e.ready:
                self.make_ready(op)

    def OperatorChanged(self, e):
        if e.operator.id in self.ops:
            self.ops[e.operator.id].skills = e.operator.skills

    def OperatorLeft(self, e):
        op = self.ops.get(e.operator)
        if op and op.call:
            op.leaving = True
        elif op:
            del self.ops[e.operator]

    def Ready(self, e):
        op = self.ops.get(e.operator)
        if op:
            op.pause = None
            if op.state in ("not-ready", "after-call-work"):
                self.make_ready(op)

    def NotReady(self, e):
        op = self.ops.get(e.operator)
        if op and op.call:
            op.pause = e.reason
        elif op:
            op.state, op.reason = "not-ready", e.reason

    def Enqueued(self, e):
        queue = self.queues.get(e.contact.queue)
        known = self.calls.get(e.contact.id)
        if known and known.state == "lapsed":
            self.put_back(known)
        elif not known and queue and queue.open:
            call = self.calls[e.contact.id] = Call(self, e.contact, next(self.numbers))
            self.tags.enter(call)
            call.look()
            call.held = self.holds(call)

    def ContactChanged(self, e):
        call = self.calls.get(e.contact.id)
        if call is None or call.state == "talking":
            return
        self.tags.leave(call)
        call.contact, call.held = replace(e.contact, since=call.contact.since), False
        call.seen, call.loosened = float("-inf"), set()
        self.stays(call)
        self.tags.enter(call)
        queue = self.queues.get(e.contact.queue)
        if call.state == "waiting" and queue and queue.open:
            call.look()
            call.held = self.holds(call)
        elif call.state == "waiting":
            self.gone(call)

    def Withdrawn(self, e):
        call = self.calls.get(e.contact)
        if call is None:
            return
        if call.state == "offered":
            self.fail(call, OfferOutcome.WITHDRAWN)
        elif call.state == "talking":
            self.finish(call)
        else:
            self.gone(call)

    def OfferAccepted(self, e):
        call = self.by_token(e.token, "offered")
        if call:
            self.talks(call)

    def talks(self, call):
        call.state = call.op.state = "talking"
        call.op.reason = ""
        self.tags.leave(call, answered=True)

    def TalkFound(self, e):
        op, call = self.ops.get(e.operator), self.calls.get(e.contact)
        if op and call and call.op is op:
            self.OfferAccepted(OfferAccepted(call.token))
        elif op and op.state != "talking":
            self.Withdrawn(Withdrawn(e.contact))
            if op.call:
                self.put_back(op.call)
            contact = call.contact if call else Contact(e.contact, e.queue, self.now)
            op.turn = next(self.tokens)
            found = op.call = self.calls[e.contact] = Call(
                self, contact, next(self.numbers), op=op, token=f"t{op.turn}"
            )
            found.queue = self.queues.get(e.queue, Queue(e.queue))
            self.tags.enter(found)
            self.talks(found)

    def OfferFailed(self, e):
        call = self.by_token(e.token, "offered")
        if call:
            self.fail(call, e.outcome)

    def ConversationEnded(self, e):
        call = self.by_token(e.token, "talking")
        if call:
            self.finish(call)

    def QueueChanged(self, e):
        before, self.queues[e.queue.name] = self.queues.get(e.queue.name), e.queue
        rules = [(q.order, q.head_start, q.leave_free, q.share) for q in (before, e.queue) if q]
        if rules[1:] != rules[:1]:
            self.tags.rules_changed(e.queue.name)
        if not e.queue.open:
            self.clear(e.queue.name)

    def QueueRemoved(self, e):
        self.queues.pop(e.name, None)
        self.clear(e.name)

    def clear(self, name):
        for call in list(self.calls.values()):
            if call.state == "waiting" and call.contact.queue == name:
                self.gone(call)

    def WaitExpected(self, e):
        self.expected[e.queue] = e.seconds or 0.0

    def Tick(self, e): ...
