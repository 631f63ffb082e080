"""Is there an Asterisk that will do, with all that is used of it?"""

from __future__ import annotations

from collections.abc import Iterator

from ivr import debian
from ivr.asterisk.conf.modules import NEEDED
from ivr.asterisk.installation import FLOOR, Installation, on_path, present, version_of
from ivr.doctor.finding import Finding, Level
from ivr.settings import Settings
from ivr.sources import source


def installation(settings: Settings) -> Iterator[Finding]:
    """Its version and modules, or whether one can be fetched."""
    try:
        found = present()
    except debian.ProvisionError as error:
        yield Finding("Asterisk", Level.FAIL, str(error), "delete that folder, then run `ivr setup`")
        return
    if found is None:
        yield _fetchable(settings)
        return
    if not found.version:
        words = f"what is in {found.modules.parent} does not start"
        yield Finding("Asterisk", Level.FAIL, words, "delete its folder in the cache and run `ivr setup`")
        return
    version = ".".join(map(str, found.version))
    where = "fetched" if found.fetched else "this machine's own"
    if found.version < FLOOR:
        floor = ".".join(map(str, FLOOR))
        renew = "delete its folder in the cache and run `ivr setup`" if found.fetched else "install a newer one"
        yield Finding("Asterisk", Level.WARN, f"{version}, {where}: security faults are mended in {floor}", renew)
    else:
        yield Finding("Asterisk", Level.OK, f"{version}, {where}{_passed_over(found)}")
    yield from _modules(found)


def _passed_over(found: Installation) -> str:
    """Why an Asterisk that is on PATH is not the one that runs."""
    program = on_path() if found.fetched else None
    if program is None:
        return ""
    version = ".".join(map(str, version_of((program,)))) or "of unknown version"
    return f"; {program} ({version}) is not used: too old, or without its modules"


def _modules(found: Installation) -> Iterator[Finding]:
    missing = [name for name in NEEDED if not found.has(name)]
    if missing:
        words = f"missing in {found.modules}: {', '.join(missing)}"
        yield Finding("modules", Level.FAIL, words, "install the package that has them (Debian: asterisk-modules)")
    else:
        yield Finding("modules", Level.OK, f"all {len(NEEDED)} are there")
    if not any(found.music.glob("*")):
        mend = f"put .wav files of 8 kHz there: {found.music}"
        yield Finding("music", Level.WARN, "no music on hold: waiting callers hear silence", mend)


def _fetchable(settings: Settings) -> Finding:
    """No Asterisk is here: whether one can be fetched."""
    try:
        debian.need()
    except debian.ProvisionError as error:
        return Finding("Asterisk", Level.FAIL, "none of version 20 or newer is on PATH", str(error))
    if source(settings.debian_mirror) is None:
        mend = "set IVR_DEBIAN_MIRROR to a Debian mirror's URL"
        return Finding("Asterisk", Level.FAIL, "none is here, and apt knows no mirror to fetch it from", mend)
    return Finding("Asterisk", Level.WARN, "none is here yet", "`ivr setup` or `ivr run` fetches it (about 130 MB)")
