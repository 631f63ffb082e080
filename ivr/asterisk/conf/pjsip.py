"""pjsip.conf: the carrier's trunk, and each operator's phone."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address

from ivr.asterisk.conf import browser
from ivr.asterisk.conf.section import Pair, file, section
from ivr.asterisk.site import OperatorPhone, Site, check_ids
from ivr.asterisk.variables import OPERATORS_CONTEXT, TRUNK_CONTEXT
from ivr.settings import Settings
from ivr.sip_digest import REALM

TRUNK = "kommutator-trunk"
"""The endpoint that every caller's call arrives at."""

OPERATORS_FILE = "pjsip_operators.conf"

NO_SOUND_SECONDS = 300
"""An operator's phone that sends nothing at all for so long has vanished. A muted one sends silence."""

CALLER_NO_SOUND_SECONDS = 1_800
"""The same of callers: longer than anybody waits. Some gateways send no silence, and who listens stays."""

CODECS = "alaw,ulaw,g722"


def pjsip_conf(site: Site) -> str:
    """Transports and trunk. Operators are named before addresses, or their registrations would be taken for calls."""
    return (
        file(
            section(
                "global",
                ("type", "global"),
                ("user_agent", "Kommutator"),
                ("endpoint_identifier_order", "auth_username,username,ip"),
                ("default_realm", REALM),
                ("keep_alive_interval", 90),
            ),
            section("system", ("type", "system"), ("timer_t1", 500), ("disable_tcp_switch", "yes")),
            _transport(site.settings, "udp"),
            _transport(site.settings, "tcp"),
            *browser.sections(site, _endpoint(site.settings)),
            section(
                TRUNK,
                ("type", "endpoint"),
                ("context", TRUNK_CONTEXT),
                # By address alone: else whoever writes this name as their number, from anywhere, is the carrier (seen).
                ("identify_by", "ip"),
                # In place of the caller's own number, raw in the first events; the dialplan reads and filters that one.
                ("callerid", "<0>"),
                ("rtp_timeout", CALLER_NO_SOUND_SECONDS),
                ("rtp_timeout_hold", CALLER_NO_SOUND_SECONDS),
                ("allow_transfer", "no"),
                *_endpoint(site.settings),
            ),
            section(
                TRUNK,
                ("type", "identify"),
                ("endpoint", TRUNK),
                *(("match", network) for network in site.settings.trunk),
            ),
        )
        + f"#include {OPERATORS_FILE}\n"
    )


def operators_conf(settings: Settings, operators: Iterable[OperatorPhone]) -> str:
    """Each operator's phone. Raises ValueError for an unsafe id or hash."""
    return file(*(part for phone in check_ids(operators) for part in _operator(settings, phone)))


def media_address(bind: str) -> str:
    """Where sound is to be sent: ``bind``, or this machine's address on the way to elsewhere; "" when it has none."""
    address = ip_address(bind)
    if not address.is_unspecified:
        return bind
    family, elsewhere = (socket.AF_INET, "192.0.2.1") if address.version == 4 else (socket.AF_INET6, "2001:db8::1")
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((elsewhere, 9))  # sends nothing, but the route is chosen (RFC 5737, RFC 3849: nobody is there)
        return str(probe.getsockname()[0])
    return ""


def _transport(settings: Settings, protocol: str) -> str:
    address = f"{settings.sip_host}:{settings.sip_port}"
    return section(protocol, ("type", "transport"), ("protocol", protocol), ("bind", address))


def _endpoint(settings: Settings) -> list[Pair]:
    # Without an address given, Asterisk asks DNS for its own name, and every call waits for that (seen).
    media = media_address(settings.bind)
    return [
        ("disallow", "all"),
        ("allow", CODECS),
        ("dtmf_mode", "auto"),
        ("direct_media", "no"),
        ("rtp_symmetric", "yes"),
        ("force_rport", "yes"),
        ("rewrite_contact", "yes"),
        ("send_rpid", "no"),
        ("language", "en"),
        *([("media_address", media)] if media else []),
        *([] if ip_address(settings.bind).is_unspecified else [("bind_rtp_to_media_address", "yes")]),
        *([("rtp_ipv6", "yes")] if ":" in settings.bind else []),
    ]


def _operator(settings: Settings, phone: OperatorPhone) -> list[str]:
    return [
        section(
            phone.id,
            ("type", "endpoint"),
            ("context", OPERATORS_CONTEXT),
            ("identify_by", "auth_username,username"),
            ("auth", phone.id),
            ("aors", phone.id),
            ("rtp_timeout", NO_SOUND_SECONDS),
            ("allow_transfer", "no"),
            *([] if phone.browser else _endpoint(settings)),
            template=browser.PHONE if phone.browser else "",
        ),
        section(
            phone.id,
            ("type", "auth"),
            ("auth_type", "md5"),
            ("username", phone.id),
            ("realm", REALM),
            ("md5_cred", phone.ha1),
        ),
        section(
            phone.id,
            ("type", "aor"),
            ("max_contacts", 1),
            ("remove_existing", "yes"),
            ("qualify_frequency", 20),
            ("qualify_timeout", "3.0"),
            ("maximum_expiration", 600),
        ),
    ]
