"""What the router saw when it decided: facts, of bounded size, of which every reason follows."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from routing.model import Contact, Operator, OperatorState, Queue

_NONE: Mapping[str, float] = {}


class SeenOperator(msgspec.Struct, frozen=True):
    """An operator. ``since``: when the state began (s); ``idle``: since when, for who is ready.

    ``duty``: will take another call, now or after the present one. ``turn``: as routing.strategies says; ``occupied``,
    ``today``: as routing.workload, where the strategy looks at it.
    """

    operator: Operator
    state: OperatorState = OperatorState.READY
    since: float = 0.0
    reason: str = ""
    duty: bool = True
    idle: float = 0.0
    turn: int = 0
    occupied: float = 0.0
    today: float = 0.0


class SeenContact(msgspec.Struct, frozen=True):
    """A contact. ``held``: only its own operator is asked. ``refused``: operator -> not asked again until (s)."""

    contact: Contact
    held: bool = False
    refused: Mapping[str, float] = _NONE


class Snapshot(msgspec.Struct, frozen=True):
    """One decision about ``contact`` at ``now`` (s): offered to ``chosen``, or to nobody ("").

    ``freed``: the operator came free beside waiting calls. ``queues``: those of the contacts named here. ``ahead``:
    who waited before this one all the same, the first few; ``behind``: whom the operator might have had instead.
    ``operators``: those of most relevance, in the order of their idleness. Of all ``roster`` operators ``able`` had
    what was needed, ``free`` of whom were ready. ``others``: of each skill that calls of this queue leave free, how
    many more ready operators had it. ``waiting``: how many calls waited besides.
    """

    now: float
    contact: SeenContact
    queues: tuple[Queue, ...]
    operators: tuple[SeenOperator, ...]
    chosen: str = ""
    freed: bool = False
    ahead: tuple[SeenContact, ...] = ()
    behind: SeenContact | None = None
    roster: int = 0
    able: int = 0
    free: int = 0
    waiting: int = 0
    others: Mapping[str, int] = {}

    @property
    def queue(self) -> Queue:
        """The rules by which the contact waits."""
        name = self.contact.contact.queue
        return next((queue for queue in self.queues if queue.name == name), Queue(name))

    def operator(self, id: str) -> SeenOperator | None:
        """The operator of this id, if they are named here."""
        return next((seen for seen in self.operators if seen.operator.id == id), None)
