"""What the API needs to know of browsers' phones."""

from __future__ import annotations

from ivr.asterisk.conf.browser import CALLER
from ivr.asterisk.site import caller_password
from ivr.settings import Settings
from ivr.sip_digest import REALM


class Phones:
    """Implements ivr.desk.sip.BrowserPhones."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.ws_port, self.realm, self.caller = settings.ws_port, REALM, CALLER

    def caller_password(self) -> str:
        """The password of the caller's phone in the page; "" but in development."""
        return caller_password(self._settings) if self._settings.development else ""
