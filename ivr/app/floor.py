"""Who serves, who waits for them, and who brings the two together."""

from __future__ import annotations

from collections.abc import Callable

from ivr.app.joined import fleet, router
from ivr.asterisk.ami import Ami
from ivr.asterisk.phones import AsteriskPhones
from ivr.copied_operators import CopiedOperators
from ivr.emergencies import Emergencies
from ivr.flow.service import Service
from ivr.golive.standing import Standing
from ivr.operators import OperatorDirectory
from ivr.queueing import Queueing
from ivr.recordings import Recordings
from ivr.rota import Rota
from ivr.settings import Settings
from ivr.shifts import Shifts
from ivr.tickets.database import Database
from ivr.tickets.operators import Operators
from routing.clock import steady
from routing.dispatcher import Dispatcher
from routing.ports import Routing


class Floor:
    """Operators, queues and the routing between them, with other engines' where there are any (``fleet``).

    ``now``: s since 1970; ``free_to_ring``: as of Queueing.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        ami: Ami,
        now: Callable[[], float],
        free_to_ring: Callable[[float], None],
    ) -> None:
        clock = steady()  # what waits, waits by this one
        self.records = CopiedOperators(Operators(database), settings.state)
        self.shifts = Shifts(self.records)
        self.fleet = fleet(settings, clock, self.shifts.remember)
        self.dispatcher: Routing = (
            self.fleet.member
            if self.fleet is not None
            else Dispatcher(router(), clock, on_operator=self.shifts.remember)
        )
        self.operators = OperatorDirectory(self.records, self.dispatcher, AsteriskPhones(settings, ami))
        self.rota = Rota(now, self.operators.shift_over)
        self.emergencies = Emergencies(settings.state, now)
        self.standing = Standing(
            self.dispatcher, demand=self.operators.demand, before=self._follow, under=self.emergencies.under
        )
        self.emergencies.heard = self.standing.look
        self.queueing = Queueing(
            self.dispatcher,
            Recordings(settings.recordings),
            now=now,
            steady=clock,
            free_to_ring=free_to_ring,
            standing=self.standing,
        )

    def _follow(self, service: Service) -> None:
        """Operators and their shifts are those of this service from now on."""
        self.operators.follow(service.roster or {}, service.queues, service.skills)
        self.rota.follow(service.roster or {})
