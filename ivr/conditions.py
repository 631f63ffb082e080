"""What must hold for calls to be served as they should, each in words that say what to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from ivr.asterisk.ami import Ami
from ivr.calllog.applier import Applier
from ivr.calllog.spool import Spool
from ivr.desk.health import Check, Verdict
from ivr.emergencies import Emergencies
from ivr.flow.emergency import Announcement, Measure
from ivr.live import Live
from ivr.messages import Message, words_of
from ivr.opening import Opening
from ivr.tickets.faults import DatabaseError
from ivr.tickets.tickets import Tickets
from ivr.unmet import told
from routing.demand import Unmet
from routing.fleet.fleet import Fleet


class Conditions:
    """Asked of the engine's own parts; /readyz and ``ivr status`` tell them."""

    def __init__(
        self,
        ami: Ami,
        ami_port: int,
        *,
        opening: Opening,
        tickets: Tickets,
        spool: Spool,
        applier: Applier,
        live: Live,
        in_vain: Callable[[], Sequence[tuple[str, Unmet]]],
        emergencies: Emergencies,
        fleet: Fleet | None = None,
    ) -> None:
        self._ami, self._ami_port = ami, ami_port
        self._opening, self._tickets = opening, tickets
        self._spool, self._applier = spool, applier
        self._live, self._in_vain, self._fleet = live, in_vain, fleet
        self._emergencies = emergencies

    def checks(self) -> tuple[Check, ...]:
        """Every condition. The last good configuration serves calls as well, and so does an engine that is alone."""
        checks = (
            Check("asterisk", self.asterisk),
            Check("database", self.database),
            Check("spool", self.spool),
            Check("configuration", self.configuration, vital=False),
            Check("demands", self.demands, vital=False),
            Check("emergency", self.emergency, vital=False),
        )
        return checks if self._fleet is None else (*checks, Check("engines", self.engines, vital=False))

    async def asterisk(self) -> Verdict:
        """Whether Asterisk takes actions."""
        if self._ami.connected.is_set():
            return Verdict(ok=True, words=Message("asterisk-connected"))
        return Verdict(ok=False, words=Message("asterisk-away", port=self._ami_port))

    async def database(self) -> Verdict:
        """Whether tickets can be read."""
        if not self._opening.opened.is_set():
            return Verdict(ok=False, words=self._opening.problem)
        try:
            await self._tickets.known("")
        except DatabaseError as error:
            return Verdict(ok=False, words=words_of(error))
        return Verdict(ok=True, words=Message("database-answers"))

    async def spool(self) -> Verdict:
        """Whether events are written, and applied."""
        if not self._spool.healthy:
            return Verdict(ok=False, words=Message("spool-unwritable", folder=str(self._spool.folder)))
        return Verdict(ok=not self._applier.problem, words=self._applier.problem or Message("spool-applied"))

    async def configuration(self) -> Verdict:
        """Whether what is live is what is in the files."""
        problem = self._live.problem
        return Verdict(ok=problem is None, words=problem or Message("version-is-live", version=self._live.version))

    async def demands(self) -> Verdict:
        """Whether somebody on the roster can take each call that waits."""
        waiting = Counter(self._in_vain())
        if not waiting:
            return Verdict(ok=True, words=Message("demands-met"))
        ((queue, why), calls), *_ = waiting.most_common(1)
        return Verdict(ok=False, words=Message("demands-unmet", queue=queue, calls=calls, why=told(why)))

    async def emergency(self) -> Verdict:
        """Whether all queues take calls by their hours alone; without who ordered otherwise, as anybody may ask."""
        announcement, problem = self._emergencies.announcement(), self._emergencies.problem
        told = [_measure(each) for each in self._emergencies.measures()]
        if announcement is not None:
            told.append(Message("emergency-announced", prompt=announcement.prompt, until=_until(announcement)))
        if problem is not None:
            told.append(problem)
        if not told:
            return Verdict(ok=True, words=Message("emergency-none"))
        return Verdict(ok=False, words=Message("troubles-listed", all=tuple(told)))

    async def engines(self) -> Verdict:
        """Whether calls are routed together with the other engines."""
        if self._fleet is None:
            return Verdict(ok=True, words=Message("routes-by-itself"))
        if self._fleet.alone:
            return Verdict(ok=False, words=Message("routes-alone", why=self._fleet.alone))
        if not self._fleet.joined:
            return Verdict(ok=False, words=Message("no-leader-yet"))
        key = "leads-engines" if self._fleet.leads else "led-with-engines"
        return Verdict(ok=True, words=Message(key, engines=", ".join(sorted(self._fleet.engines))))


def _measure(measure: Measure) -> Message:
    if measure.to:
        return Message("emergency-sent", queue=measure.queue, to=measure.to, until=_until(measure))
    return Message("emergency-closed", queue=measure.queue, until=_until(measure))


def _until(order: Measure | Announcement) -> str:
    return datetime.fromtimestamp(order.until, UTC).astimezone().isoformat(" ", "minutes")
