"""A hotline at its limits: so many calls wait, so many operators whose skills are all different, every rule on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from routing.events import Decision, Enqueued, MakeOffer, OfferAccepted, OperatorJoined
from routing.model import Contact, Operator, Queue
from routing.router import Router

SKILLS, LEVELS, OWN = 50, 5, 5
"""Skills there are, their levels, and how many of them an operator has."""

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

    def contact(self, since: float) -> Contact:
        """One more call, as flows make them: a skill at a level, relaxed twice."""
        chance = self.chance
        skill, level = f"s{chance.randrange(SKILLS)}", chance.randint(1, LEVELS)
        relax = ((60.0, {skill: max(1, level - 1)}), (180.0, {skill: 1}))
        return Contact(f"c{next(self.numbers)}", "q", since, {skill: level}, relax, chance.choice((0, 0, 0, 0, 1)))

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
    router = Router([Queue("q")], tokens=lambda: f"t{next(tokens)}")
    load = Load(router, chance, [], now, step, count())
    for number in range(operators):
        router.handle(OperatorJoined(operator(chance, number), ready=True), now)
    for number in range(waiting + operators):
        since = now - (waiting + operators - number) * step
        load.accept(router.handle(Enqueued(load.contact(since)), now))
    return load
