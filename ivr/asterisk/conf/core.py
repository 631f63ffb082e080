"""Asterisk's own files: where it keeps things, what it logs, its music, its RTP ports, its manager interface."""

from __future__ import annotations

import resource

from ivr.asterisk.conf.section import file, section
from ivr.asterisk.site import Site
from ivr.asterisk.variables import AMI_USER, LISTENING

EVENTS = ("FullyBooted", "DialEnd", "Hangup")
"""What the engine listens for; nothing else is sent to it."""


MOST_FILES = 65_536


def asterisk_conf(site: Site) -> str:
    """Every folder of ours; nothing of the host's is read or written but modules and sounds."""
    var = site.home / "var"
    directories = {
        "astetcdir": site.etc,
        "astmoddir": site.installation.modules,
        "astvarlibdir": var,
        "astdbdir": var,
        "astkeydir": var,
        "astdatadir": var,
        "astagidir": var,
        "astspooldir": site.home / "spool",
        "astrundir": site.run,
        "astlogdir": site.log,
        "astsbindir": var,
    }
    return file(
        section("directories", *((key, str(path)) for key, path in directories.items()), arrow=True),
        section(
            "options",
            ("verbose", 0),
            ("debug", 0),
            ("live_dangerously", "no"),
            ("mindtmfduration", 40),  # ms, as ES 201 235 asks; shorter keys are stretched, and so told late
            ("documentation_language", "en_US"),
            ("hideconnect", "yes"),
            ("maxfiles", most_files()),
        ),
    )


def most_files() -> int:
    """How many files Asterisk may open: a call takes about six, and the usual soft limit of 1,024 is soon reached."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)


def logger_conf(_: Site) -> str:
    """Warnings and errors; verbose and DTMF levels carry callers' keys and stay off."""
    return file(section("general", ("dateformat", "%F %T.%3q")), section("logfiles", ("asterisk.log", "warning,error")))


def musiconhold_conf(site: Site) -> str:
    """The installation's music."""
    return file(section("default", ("mode", "files"), ("directory", str(site.installation.music)), ("sort", "random")))


def rtp_conf(site: Site) -> str:
    """Sound's ports; sources are learned strictly, so that nobody else can speak into a call."""
    first, last = site.settings.rtp_ports
    return file(section("general", ("rtpstart", first), ("rtpend", last), ("strictrtp", "yes"), ("icesupport", "yes")))


def http_conf(site: Site) -> str:
    """The WebSocket of browsers' phones, and nothing else: they reach it through the API, which knows who they are."""
    return file(
        section(
            "general",
            ("enabled", "yes"),
            ("bindaddr", "127.0.0.1"),
            ("bindport", site.settings.ws_port),
            ("enable_static", "no"),
            ("enable_status", "no"),
            ("sessionlimit", 1_000),
        )
    )


def cdr_conf(_: Site) -> str:
    """Off: tickets are the record of calls."""
    return file(section("general", ("enable", "no")))


def features_conf(_: Site) -> str:
    """No keys have a meaning during a conversation."""
    return file(section("general"), section("featuremap"))


def manager_conf(site: Site) -> str:
    """One user, from this machine only, with the rights that the engine uses."""
    return file(
        section(
            "general",
            ("enabled", "yes"),
            ("webenabled", "no"),
            ("bindaddr", "127.0.0.1"),
            ("port", site.settings.ami_port),
            ("authtimeout", 5),
            ("authlimit", 20),
        ),
        section(
            AMI_USER,
            ("secret", site.ami_secret),
            ("deny", "0.0.0.0/0.0.0.0"),
            ("permit", "127.0.0.1/255.255.255.255"),
            ("read", "system,call,dtmf"),
            ("write", "system,call,reporting"),
            # Anchored: the expression is sought in the whole event, and a caller writes some of that (seen).
            # A key's event wakes the engine, so only those calls send them that would not be looked at otherwise.
            ("eventfilter", f"^Event: ({'|'.join(EVENTS)})[^A-Za-z]"),
            ("eventfilter", f"^Event: DTMFEnd[^A-Za-z].*AccountCode: {LISTENING}[^A-Za-z]"),
        ),
    )


def indications_conf(_: Site) -> str:
    """Tones as telephones in Russia give them (ITU-T E.180, national annex)."""
    return file(
        section("general", ("country", "ru")),
        section(
            "ru",
            ("description", "Russian Federation"),
            ("ringcadence", "1000,4000"),
            ("dial", "425"),
            ("busy", "425/350,0/350"),
            ("ring", "425/1000,0/4000"),
            ("congestion", "425/175,0/175"),
            ("callwaiting", "425/200,0/5000"),
            ("record", "1400/400,0/15000"),
            ("info", "950/330,1400/330,1800/330,0/1000"),
        ),
    )
