"""pjsip.conf, as far as browsers are phones: WebSocket, DTLS-SRTP with a certificate of its own, ICE (RFC 8827)."""

from __future__ import annotations

from collections.abc import Iterable

from ivr.asterisk.conf.modules import browser_phones, opus
from ivr.asterisk.conf.section import Pair, section
from ivr.asterisk.site import Site, caller_password
from ivr.asterisk.variables import BROWSER_CONTEXT
from ivr.sip_digest import REALM, ha1

PHONE = "kommutator-browser"
"""The template of every phone in a page."""

CALLER = "kommutator-caller"
"""The phone in the page of a caller, in development; its password is in IVR_STATE/asterisk/caller.secret."""

CODECS = "g722,alaw,ulaw"


def sections(site: Site, endpoint: Iterable[Pair]) -> list[str]:
    """The transport, what phones in pages have in common, and the caller's; none where Asterisk lacks the modules.

    ``endpoint``: what all phones have in common.
    """
    able = browser_phones(site.installation)
    transport = [section("ws", ("type", "transport"), ("protocol", "ws"), ("bind", "127.0.0.1"))] if able else []
    return [*transport, _template(site, endpoint), *(_caller(site) if able and site.settings.development else ())]


def _template(site: Site, endpoint: Iterable[Pair]) -> str:
    codecs = f"opus,{CODECS}" if opus(site.installation) else CODECS
    kept = [(key, value) for key, value in endpoint if key not in ("allow", "dtmf_mode", "bind_rtp_to_media_address")]
    return section(
        PHONE,
        *kept,
        ("allow", codecs),
        ("dtmf_mode", "rfc4733"),
        ("webrtc", "yes"),
        ("dtls_auto_generate_cert", "yes"),
        template="!",
    )


def _caller(site: Site) -> Iterable[str]:
    yield section(
        CALLER,
        ("type", "endpoint"),
        ("context", BROWSER_CONTEXT),
        ("identify_by", "auth_username,username"),
        ("auth", CALLER),
        ("rtp_timeout", 60),
        ("allow_transfer", "no"),
        template=PHONE,
    )
    yield section(
        CALLER,
        ("type", "auth"),
        ("auth_type", "md5"),
        ("username", CALLER),
        ("realm", REALM),
        ("md5_cred", ha1(CALLER, caller_password(site.settings))),
    )
