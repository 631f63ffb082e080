"""Writes Asterisk's configuration: whole at each start, the operators' part whenever it changes."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from ivr.asterisk.conf import core, extensions, pjsip
from ivr.asterisk.conf.modules import modules_conf
from ivr.asterisk.conf.section import file
from ivr.asterisk.site import OperatorPhone, Site, etc, fallback
from ivr.private_file import write_private
from ivr.settings import Settings

DEFAULTS = ("acl.conf", "ccss.conf", "cel.conf", "pjproject.conf", "stasis.conf", "udptl.conf")
"""Files that Asterisk misses aloud when they are absent; their defaults are right."""


def write(site: Site, operators: Iterable[OperatorPhone] | None) -> Path:
    """All files; the path of asterisk.conf. ``operators`` None: not known now, so that what is written of them stays.

    Raises OSError, and ValueError for an unsafe operator.
    """
    for folder in (
        site.etc,
        site.home / "var/keys",
        site.home / "spool",
        site.log,
        site.settings.recordings,  # conversations: no other user of this machine may listen
        fallback(site.settings),
    ):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_private(site.run)
    _link_data(site)
    if operators is not None or not (site.etc / pjsip.OPERATORS_FILE).exists():
        write_operators(site.settings, operators or ())
    for name, text in _files(site).items():
        write_private(site.etc / name, text)
    return site.etc / "asterisk.conf"


def write_operators(settings: Settings, operators: Iterable[OperatorPhone]) -> None:
    """What depends on who the operators are; Asterisk takes it up when res_pjsip and pbx_config are reloaded."""
    phones = list(operators)
    write_private(etc(settings) / pjsip.OPERATORS_FILE, pjsip.operators_conf(settings, phones))
    write_private(etc(settings) / extensions.OPERATORS_FILE, extensions.operators_conf(phones))


def command(site: Site) -> list[str]:
    """What starts this Asterisk in the foreground."""
    return [*site.installation.command, "-C", os.fspath(site.etc / "asterisk.conf"), "-f"]


def clear(site: Site) -> None:
    """Take away what is not below IVR_STATE, once this Asterisk has stopped."""
    if not site.run.is_relative_to(site.settings.state):
        shutil.rmtree(site.run, ignore_errors=True)


def _make_private(folder: Path) -> None:
    """A folder of this user's alone: whoever else could write there would speak to Asterisk in our place."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(
            f"{folder} is another user's: remove it, or set IVR_STATE to a folder with a shorter path"
        )
    folder.chmod(0o700)


def _link_data(site: Site) -> None:
    """Make the installation's own sounds (the beep) and documentation found below a folder of ours.

    Debian's package names the folder of English sounds by its voice, and only its set-up script would add ``en``.
    """
    data, var = site.installation.data, site.home / "var"
    (var / "sounds").mkdir(parents=True, exist_ok=True)
    _link(var / "documentation", [data / "documentation"])
    _link(var / "sounds/en", [data / "sounds/en", *sorted(data.glob("sounds/en_*")), data / "sounds"])


def _link(link: Path, targets: Iterable[Path]) -> None:
    """Point ``link`` to the first target that is there."""
    link.unlink(missing_ok=True)
    target = next((target for target in targets if target.is_dir()), None)
    if target is not None:
        link.symlink_to(target)


def _files(site: Site) -> dict[str, str]:
    return {
        "asterisk.conf": core.asterisk_conf(site),
        "cdr.conf": core.cdr_conf(site),
        "extensions.conf": extensions.extensions_conf(site),
        "features.conf": core.features_conf(site),
        "http.conf": core.http_conf(site),
        "logger.conf": core.logger_conf(site),
        "manager.conf": core.manager_conf(site),
        "modules.conf": modules_conf(site.installation),
        "indications.conf": core.indications_conf(site),
        "musiconhold.conf": core.musiconhold_conf(site),
        "pjsip.conf": pjsip.pjsip_conf(site),
        "rtp.conf": core.rtp_conf(site),
        **dict.fromkeys(DEFAULTS, file()),
    }
