"""What ``ivr run`` prints when the hotline is ready: what to dial, and how to register an operator's phone."""

from __future__ import annotations

import os
import shlex
import sys
from ipaddress import ip_address
from pathlib import Path

from ivr.asterisk.site import Site
from ivr.desk.door import local_url


def banner(site: Site, seconds: float) -> str:
    """The words, for a site that became ready after ``seconds``."""
    settings = site.settings
    host = "THIS-MACHINE" if ip_address(settings.bind).is_unspecified else settings.sip_host
    where = f"{host}:{settings.sip_port}"
    version = ".".join(map(str, site.installation.version))
    ivr = _command()
    return f"""
Kommutator is ready ({seconds:.1f} s, Asterisk {version}). Линия работает.

  Call it / Позвоните    sip:88005553535@{where}   (any number of regions.yaml, from {", ".join(settings.trunk)})
  Operator / Оператор    {ivr} operator add anna --name "Анна" --skill technical=3 --language ru --language en
                         then register a SIP phone: server {where}, user anna, the password that you chose
                         {ivr} operator ready anna
  Tickets / Обращения    {ivr} ticket list
  State / Состояние      {local_url(settings.http_bind, settings.http_port)}/readyz

Ctrl-C stops it.
"""


def _command() -> str:
    """How to call ``ivr`` in another terminal: as it was called here, for the same hotline."""
    ivr = sys.argv[0] if Path(sys.argv[0]).name == "ivr" else "ivr"
    state = os.environ.get("IVR_STATE")
    return f"IVR_STATE={shlex.quote(state)} {ivr}" if state else ivr
