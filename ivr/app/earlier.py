"""Calls that this engine did not see begin, or not see end: an earlier one was lost, or none was there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ivr.app.storage import Storage
from ivr.asterisk.aftermath import Aftermath
from ivr.asterisk.ami import Ami
from ivr.asterisk.departures import Departure
from ivr.asterisk.site import departures, fallback
from ivr.call import Call, Journal
from ivr.calllog.carried import Carried
from ivr.flow.service import Service
from ivr.opening import Opening
from ivr.recovery import Unfinished
from ivr.settings import Settings
from ivr.tickets.database import DatabaseAway
from ivr.unseen import UnseenCall, record
from routing.ports import Routing


class EarlierCalls:
    """What is still on the line is taken up again, what is over gets its ticket, each once.

    ``service``: what is live now; ``in_progress``: the calls that this engine serves.
    """

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        journal: Journal,
        ami: Ami,
        dispatcher: Routing,
        *,
        now: Callable[[], float],
        service: Callable[[], Service],
        in_progress: Callable[[], Mapping[str, Call]],
    ) -> None:
        self._settings, self._storage, self._journal, self._service = settings, storage, journal, service
        self.unfinished = Unfinished(journal, now)
        self.opening = Opening(
            storage.database,
            storage.spool.folder,
            Carried(settings.state),
            self.unfinished,
            in_progress=in_progress,
            now=now,
        )
        storage.spool.before_drop = self.opening.keep
        self.aftermath = Aftermath(
            ami,
            departures(settings),
            self.unfinished,
            dispatcher,
            in_progress=in_progress,
            known=self._known,
            unseen=self._unseen,
            message=self._message,
        )

    async def _known(self, call_id: str) -> bool:
        if not self.opening.opened.is_set():
            raise DatabaseAway(self.opening.problem)
        await self._storage.applier.drain()
        return await self._storage.tickets.known(call_id)

    def _message(self, call_id: str) -> str:
        message = fallback(self._settings) / f"{call_id}.wav"
        return message.relative_to(self._settings.recordings).as_posix() if message.exists() else ""

    def _unseen(self, departure: Departure) -> None:
        call = UnseenCall(
            call_id=departure.call_id,
            started=departure.started,
            ended=departure.ended,
            dialled=departure.dialled,
            caller=departure.caller,
            operator=departure.operator,
            talk_seconds=departure.talk_seconds,
            static=departure.static,
            message=self._message(departure.call_id),
        )
        record(call, self._service(), self._storage.numbers.take, self._journal)
