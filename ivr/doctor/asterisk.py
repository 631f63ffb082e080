"""Is there an Asterisk that will do, with all that is used of it?"""

from __future__ import annotations

from collections.abc import Iterator

from ivr import debian
from ivr.asterisk.conf.modules import NEEDED
from ivr.asterisk.installation import FLOOR, Installation, on_path, present, version_of
from ivr.doctor.finding import Finding, Level
from ivr.messages import Message, words_of
from ivr.settings import Settings
from ivr.sources import source

ASTERISK = Message("about-asterisk")


def installation(settings: Settings) -> Iterator[Finding]:
    """Its version and modules, or whether one can be fetched."""
    try:
        found = present()
    except debian.ProvisionError as error:
        yield Finding(ASTERISK, Level.FAIL, words_of(error), Message("asterisk-delete-folder"))
        return
    if found is None:
        yield _fetchable(settings)
        return
    if not found.version:
        words = Message("asterisk-not-starting", folder=str(found.modules.parent))
        yield Finding(ASTERISK, Level.FAIL, words, Message("asterisk-delete-cached"))
        return
    yield _judged(found)
    yield from _modules(found)


def _judged(found: Installation) -> Finding:
    version = ".".join(map(str, found.version))
    if found.version < FLOOR:
        floor = ".".join(map(str, FLOOR))
        words = Message(
            "asterisk-faulty-fetched" if found.fetched else "asterisk-faulty-own", version=version, floor=floor
        )
        renew = Message("asterisk-delete-cached" if found.fetched else "asterisk-install-newer")
        return Finding(ASTERISK, Level.WARN, words, renew)
    used = Message("asterisk-fetched" if found.fetched else "asterisk-own", version=version)
    return Finding(ASTERISK, Level.OK, _beside_another(found, used))


def _beside_another(found: Installation, used: Message) -> Message:
    """With why an Asterisk that is on PATH is not the one that runs."""
    program = on_path() if found.fetched else None
    if program is None:
        return used
    version = ".".join(map(str, version_of((program,)))) or Message("asterisk-version-unknown")
    return Message("asterisk-passed-over", used=used, program=program, version=version)


def _modules(found: Installation) -> Iterator[Finding]:
    missing = tuple(name for name in NEEDED if not found.has(name))
    about = Message("about-modules")
    if missing:
        words = Message("modules-missing", folder=str(found.modules), modules=missing)
        yield Finding(about, Level.FAIL, words, Message("modules-missing-mend"))
    else:
        yield Finding(about, Level.OK, Message("modules-there", count=len(NEEDED)))
    if not any(found.music.glob("*")):
        mend = Message("music-none-mend", folder=str(found.music))
        yield Finding(Message("about-music"), Level.WARN, Message("music-none"), mend)


def _fetchable(settings: Settings) -> Finding:
    """No Asterisk is here: whether one can be fetched."""
    try:
        debian.need()
    except debian.ProvisionError as error:
        return Finding(ASTERISK, Level.FAIL, Message("asterisk-none-on-path"), words_of(error))
    if source(settings.debian_mirror) is None:
        return Finding(ASTERISK, Level.FAIL, Message("asterisk-no-mirror"), Message("asterisk-no-mirror-mend"))
    return Finding(ASTERISK, Level.WARN, Message("asterisk-not-yet"), Message("asterisk-not-yet-mend"))
