"""One strategy a file: which of the operators who may take a contact is offered it.

A strategy is a pure function under the name that a queue's YAML gives it; a file in this package joins by being there.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from routing import alternatives
from routing.model import Needs, Operator
from routing.workload import Workload


@dataclass(frozen=True, slots=True)
class Candidate:
    """An operator who may be offered the contact now, idle since ``idle_since`` (s).

    ``turn``: the number of the last offer made to them, 0 for none. ``load``: how much they had to do.
    """

    operator: Operator
    idle_since: float
    turn: int
    load: Workload


Choose = Callable[[Iterator[Candidate], Needs, float, Random], Candidate | None]
"""Candidates (the longest idle first, made as they are asked for), needs, now (s) and chance -> who is offered it."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """``lot``: chance decides. ``weighs_work``: it looks at how much operators were at calls."""

    name: str
    choose: Choose
    lot: bool = False
    weighs_work: bool = False


STRATEGIES: dict[str, Strategy] = {}
"""Every strategy by its name."""


def strategy(name: str, *, lot: bool = False, weighs_work: bool = False) -> Callable[[Choose], Choose]:
    """Register a function as the strategy ``name``."""

    def register(choose: Choose) -> Choose:
        STRATEGIES[name] = Strategy(name, choose, lot, weighs_work)
        return choose

    return register


def proficiency(operator: Operator, needs: Needs) -> int:
    """The sum of the operator's levels in the skills that are asked for.

    Languages, queues served and phones (``language.ru``) are no skills in which one is better than another.
    """
    asked = (skill for skill, level in needs.items() if level > 0 and "." not in skill)
    return sum(alternatives.proficiency(operator.skills, skill) for skill in asked)


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
