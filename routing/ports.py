"""What an engine asks of routing, whether its router is its own (routing.dispatcher) or a fleet's (routing.fleet)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Protocol

from routing.bus import Bus
from routing.demand import Unmet
from routing.events import Event
from routing.explain.written import Written
from routing.model import Contact, Needs, Offer, Operator, Queue
from routing.views import OperatorView, QueueView

if TYPE_CHECKING:
    from routing.waiting import Waiting


class Owner(Protocol):
    """Whoever a contact's offers are for: its session, or at a leader its engine."""

    contact: Contact

    def offered(self, offer: Offer) -> None:
        """There is an offer."""
        ...

    def decided(self, seen: Callable[[], Written]) -> None:
        """What the router saw when it made the offer: written out when it is asked for."""
        ...

    def withdrawn(self, offer: Offer) -> None:
        """The offer holds no longer."""
        ...

    def turned_away(self, why: str) -> None:
        """The contact cannot wait here."""
        ...


class Routing(Protocol):
    """See routing.dispatcher.Dispatcher for what each of these does."""

    bus: Bus
    decides_within: float
    """Seconds within which who comes is offered somebody who is free; 0: before ``take_over`` returns."""

    def running(self) -> AbstractAsyncContextManager[Any]:
        """What falls due happens for as long as this lasts."""
        ...

    def join(self, operator: Operator, ready: bool = False, reason: str = "") -> None:
        """An operator is on the roster. ``reason``: why not ready."""
        ...

    def change(self, operator: Operator) -> None:
        """An operator's skills are others."""
        ...

    def leave(self, operator_id: str) -> None:
        """An operator goes, after the call that is at them."""
        ...

    def ready(self, operator_id: str) -> None:
        """An operator takes calls."""
        ...

    def not_ready(self, operator_id: str, reason: str = "") -> None:
        """An operator takes no calls, after the call that is at them."""
        ...

    def restore_talking(self, operator_id: str, contact_id: str, queue: str = "") -> bool:
        """A conversation was found going on; ``talk_ended`` ends it. False: no such operator."""
        ...

    def talk_ended(self, contact_id: str) -> None:
        """The contact's conversation is over. Harmless when there is none."""
        ...

    def set_queues(self, queues: Iterable[Queue], contacts: Iterable[Contact] = ()) -> None:
        """These are the queues; ``contacts`` wait otherwise than before. Raises ValueError for an unknown strategy."""
        ...

    def enqueue(self, contact: Contact) -> Waiting:
        """The contact waits until the context ends."""
        ...

    def expect(self, queue: str, seconds: float | None) -> None:
        """Whoever comes to this queue now is likely to wait so long (s); None: that is not known."""
        ...

    def unmet(self, needs: Needs) -> Unmet | None:
        """Why nobody on the roster could meet ``needs``; None when somebody can."""
        ...

    def on_duty(self, needs: Needs) -> bool:
        """Whether somebody who takes calls, now or as soon as the present one is over, could meet ``needs``."""
        ...

    def operators(self) -> list[OperatorView]:
        """Every operator on the roster."""
        ...

    def queues(self) -> list[QueueView]:
        """Every queue."""
        ...

    def take_over(self, waiting: Waiting) -> None:
        """For Waiting: the contact is this session's from now on."""
        ...

    def release(self, waiting: Waiting) -> None:
        """For Waiting: the session leaves the queue."""
        ...

    def seen(self, contact_id: str) -> Written | None:
        """What is known of a contact that waits, and so why nobody is offered it; None when it does not wait."""
        ...

    def answered(self, offer: Offer) -> None:
        """For Waiting: the operator of this offer picked up."""
        ...

    def tell(self, event: Event) -> None:
        """For Waiting: the contact waits again, or its offer failed."""
        ...
