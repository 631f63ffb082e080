"""Operators' phones at Asterisk: who may register, and who is."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.asterisk.ami import Ami
from ivr.asterisk.ami_actions import contacts, reload_operators
from ivr.asterisk.ami_protocol import AmiUnavailable
from ivr.asterisk.configuration import write_operators
from ivr.asterisk.site import OperatorPhone
from ivr.settings import Settings
from ivr.tickets.operators import OperatorRecord


class AsteriskPhones:
    """Implements ivr.operators.Phones."""

    def __init__(self, settings: Settings, ami: Ami) -> None:
        self._settings, self._ami = settings, ami

    async def publish(self, operators: Sequence[OperatorRecord]) -> None:
        """Write the operators' part of the configuration, and have it read. Raises AmiUnavailable, OSError.

        While Asterisk is away there is nobody to read it: it does when it starts.
        """
        write_operators(self._settings, [OperatorPhone(operator.id, operator.ha1) for operator in operators])
        if self._ami.connected.is_set():
            await reload_operators(self._ami)

    async def registered(self) -> frozenset[str] | None:
        """Operators whose phone is registered and can be reached; None when Asterisk cannot be asked."""
        try:
            return frozenset(operator for operator, up in (await contacts(self._ami)).items() if up)
        except AmiUnavailable:
            return None
