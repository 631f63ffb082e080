"""What ``ivr run`` prints when the hotline is ready: what to dial, and how to register an operator's phone."""

from __future__ import annotations

from ipaddress import ip_address

from ivr.asterisk.site import Site
from ivr.cli.invocation import ivr_command
from ivr.desk.door import local_url


def banner(site: Site, seconds: float) -> str:
    """The words, for a site that became ready after ``seconds``."""
    settings = site.settings
    host = "THIS-MACHINE" if ip_address(settings.bind).is_unspecified else settings.sip_host
    where = f"{host}:{settings.sip_port}"
    version = ".".join(map(str, site.installation.version))
    ivr = ivr_command()
    networks = ", ".join(settings.trunk)
    return f"""
Kommutator is ready ({seconds:.1f} s, Asterisk {version}). Линия работает.

  Call it / Позвоните    sip:88005553535@{where}
                         any number of regions.yaml, from / любой номер из regions.yaml, из сетей: {networks}
  Operator / Оператор    {ivr} operator add anna --name "Анна" --skill technical=3 --language ru --language en
                         register a SIP phone / зарегистрируйте SIP-телефон:
                           server / сервер {where}, user / пользователь anna, password / пароль: as you chose / ваш
                         {ivr} operator ready anna
  Tickets / Обращения    {ivr} ticket list
  State / Состояние      {ivr} status   {local_url(settings.http_bind, settings.http_port)}/readyz

Ctrl-C stops it / останавливает её.
"""
