"""A hotline at its limits: so many calls wait, so many operators whose skills are all different, every rule on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from msgspec.structs import replace

from routing.alternatives import any_of
from routing.events import Decision, Enqueued, MakeOffer, OfferAccepted, OperatorJoined
from routing.model import Contact, Operator, Queue
from routing.router import Router

SKILLS, LEVELS, OWN = 50, 5, 5
"""Skills there are, their levels, and how many of them an operator has."""

QUEUE = Queue("q", strategy="least-occupied", leave_free={"s0": 1}, head_start=60.0)

TALK = 300.0
"""Seconds of a conversation: with so many operators, how fast the virtual clock goes."""


@dataclass(slots=True)
class Load:
    """A router with its calls and operators; ``live``: tokens of those who talk; ``step``: seconds between pairs."""

    router: Router
    chance: Random
    live: list[str]
    now: float
    step: float
    numbers: Iterator[int]
    operators: int

    def contact(self, since: float) -> Contact:
        """One more call, as flows make them: a skill at a level, relaxed twice; a tenth each with other wishes."""
        chance, name = self.chance, f"c{next(self.numbers)}"
        skill, level = f"s{chance.randrange(SKILLS)}", chance.randint(1, LEVELS)
        relax = ((60.0, {skill: max(1, level - 1)}), (180.0, {skill: 1}))
        call = Contact(name, "q", since, {skill: level}, relax, chance.choice((0, 0, 0, 0, 1)))
        match chance.randrange(10):
            case 0:
                return replace(call, operator=f"op{chance.randrange(self.operators)}", sticky=30.0)
            case 1:
                return replace(call, prefer={f"s{chance.randrange(SKILLS)}": 3})
            case 2:
                group = chance.randrange(SKILLS)
                either = any_of({f"s{group}": 3, f"s{(group + 1) % SKILLS}": 2})
                return replace(call, needs=either, relax=((60.0, {f"s{group}": 1}),))
        return call

    def accept(self, decisions: list[Decision]) -> None:
        """Who is offered a call takes it."""
        for decision in decisions:
            if type(decision) is MakeOffer:
                self.router.handle(OfferAccepted(decision.offer.token), self.now)
                self.live.append(decision.offer.token)


def operator(chance: Random, number: int) -> Operator:
    """An operator whose skills nobody else has."""
    own = {f"s{skill}": chance.randint(1, LEVELS) for skill in chance.sample(range(SKILLS), OWN)}
    return Operator(f"op{number}", own)


def loaded(waiting: int, operators: int, seed: int = 1) -> Load:
    """A hotline in which so many wait, for as long as that takes with so many operators, and all operators talk."""
    chance, tokens = Random(seed), count()
    step = TALK / operators
    now = 1e6
    router = Router([QUEUE], tokens=lambda: f"t{next(tokens)}")
    load = Load(router, chance, [], now, step, count(), operators)
    for number in range(waiting + operators):
        since = now - (waiting + operators - number) * step
        router.handle(Enqueued(load.contact(since)), now)
    for number in range(operators):
        load.accept(router.handle(OperatorJoined(operator(chance, number), ready=True), now))
    return load
