"""What outlives an engine: the spool that no call waits for, and the database that follows in its own time."""

from __future__ import annotations

from ivr.calllog.applier import Applier
from ivr.calllog.spool import Spool
from ivr.calllog.writer_process import WriterProcess
from ivr.settings import Settings
from ivr.tickets.database import Database
from ivr.tickets.languages import LanguageMemory
from ivr.tickets.numbers import Numbers
from ivr.tickets.tickets import Tickets


class Storage:
    """One hotline's spool and database, and what reads and writes them."""

    def __init__(self, settings: Settings) -> None:
        self.database = Database(settings.database_url)
        self.spool = Spool(settings.state / "spool")
        self.writer = WriterProcess(settings.database_url, self.spool.folder)
        self.applier = Applier(self.spool, self.writer)
        self.numbers = Numbers(self.database)
        self.tickets, self.languages = Tickets(self.database), LanguageMemory(self.database)
