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
        self._browsers: dict[str, str] = {}

    def use_browser(self, operator: str, ha1: str | None) -> None:
        """The operator's phone is one in a page, with this secret (of ivr.sip_digest); their own again for None.

        Holds from the next ``publish`` on, for as long as this engine runs: a page asks anew when it is refused.
        """
        if ha1 is None:
            self._browsers.pop(operator, None)
        else:
            self._browsers[operator] = ha1

    async def publish(self, operators: Sequence[OperatorRecord]) -> None:
        """Write the operators' part of the configuration, and have it read. Raises AmiUnavailable, OSError.

        While Asterisk is away there is nobody to read it: it does when it starts.
        """
        write_operators(self._settings, [self._phone(operator) for operator in operators])
        if self._ami.connected.is_set():
            await reload_operators(self._ami)

    def _phone(self, operator: OperatorRecord) -> OperatorPhone:
        ha1 = self._browsers.get(operator.id)
        return OperatorPhone(operator.id, ha1 or operator.ha1, browser=ha1 is not None)

    async def registered(self) -> frozenset[str] | None:
        """Operators whose phone is registered and can be reached; None when Asterisk cannot be asked."""
        try:
            return frozenset(operator for operator, up in (await contacts(self._ami)).items() if up)
        except AmiUnavailable:
            return None
