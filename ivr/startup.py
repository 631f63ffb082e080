"""Everything between a fresh clone and a running hotline, one step after the other, each told as it goes."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from ivr.asterisk.configuration import write
from ivr.asterisk.installation import Installation, find
from ivr.asterisk.music import prepared
from ivr.asterisk.site import OperatorPhone, Site, ami_secret
from ivr.messages import Message, trouble, words_of
from ivr.pages.build import PagesFailed, build
from ivr.ports import port_faults
from ivr.prompts.build import NoVoice
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.prompts.provide import places, render
from ivr.prompts.voices import SynthesisError
from ivr.settings import Settings
from ivr.speech import UnknownPrompt
from ivr.tickets.database import Database, DatabaseAway
from ivr.tickets.keys import load_keys
from ivr.tickets.operators import Operators

Progress = Callable[[str], None]

STATIC_PROMPTS = ("please-hold", "nobody-available", "leave-message")
"""What Asterisk says by itself when no engine is there, in the first of the languages."""


NOT_IN_FOLDERS = frozenset(',;&|=$%"\\(){}[]<>')
"""Letters that mean something in a dialplan's line."""


class StartError(Exception):
    """The hotline cannot be started; the message says what to mend."""


def prepare(settings: Settings, progress: Progress) -> Site:
    """Asterisk, prompts, keys, database, configuration. Raises what each of its steps does, and StartError."""
    check_folders(settings)
    settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    installation = install(settings, progress, strict=False)
    load_keys(settings.state, settings.key, settings.key_file)
    operators = asyncio.run(_migrated(settings, progress))
    site = Site(settings, installation, ami_secret(settings), _static_sounds(settings))
    write(site, operators)
    return site


def install(settings: Settings, progress: Progress, *, strict: bool = True) -> Installation:
    """Asterisk and the prompts' sounds: what is there already is not touched.

    Not ``strict``: prompts that cannot be made are told and left out, if there are any others.
    """
    found = find(mirror=settings.debian_mirror, progress=progress)
    installation = replace(found, music=prepared(found.music, progress))
    try:
        build(progress)
    except PagesFailed as error:  # calls are served all the same
        progress(Message("pages-left-out", why=words_of(error)))
    try:
        render(settings, progress)
    except (PromptError, NoVoice, SynthesisError) as error:
        if strict or not _something_to_say(settings):
            raise
        progress(Message("start-prompts-left-out", why=words_of(error)))
    return installation


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """One hotline for one state folder. Raises StartError when another one has it, or this user may not use it."""
    path = settings.state / "run" / "lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("w")
    except OSError as error:
        found = Message("state-unusable", folder=str(settings.state), why=error.strerror or str(error))
        raise StartError(trouble(found, Message("state-own"))) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = Message("state-taken", folder=str(settings.state))
            raise StartError(trouble(found, Message("state-taken-mend"))) from None
        yield


def check_ports(settings: Settings) -> None:
    """Raises StartError for all ports that cannot be had, naming the variables to set."""
    faults = list(port_faults(settings))
    if faults:
        raise StartError(Message("troubles", all=tuple(faults)))


def check_folders(settings: Settings) -> None:
    """Raises StartError for a folder whose name Asterisk's dialplan would take for something else."""
    for variable, folder in (("IVR_STATE", settings.state), ("IVR_RECORDINGS", settings.recordings)):
        wrong = sorted({letter for letter in str(folder) if letter in NOT_IN_FOLDERS or not letter.isprintable()})
        if wrong:
            found = Message("folder-misread", folder=repr(str(folder)), letters=" ".join(map(repr, wrong)))
            raise StartError(trouble(found, Message("folder-misread-mend", variable=variable)))


async def _migrated(settings: Settings, progress: Progress) -> list[OperatorPhone] | None:
    """The database in this version's shape; the operators that it knows, None while it is away."""
    database = Database(settings.database_url)
    try:
        await database.migrate()
        return [OperatorPhone(operator.id, operator.ha1) for operator in await Operators(database).list()]
    except DatabaseAway as error:
        progress(Message("start-database-away", why=words_of(error)))
        return None
    finally:
        await database.close()


def _something_to_say(settings: Settings) -> bool:
    catalogue, _ = Catalogue.readable(*places(settings))
    return any(len(catalogue.silent(language)) < len(catalogue.names(language)) for language in catalogue.languages)


def _static_sounds(settings: Settings) -> dict[str, str]:
    catalogue, _ = Catalogue.readable(*places(settings))
    sounds: dict[str, str] = {}
    for name in STATIC_PROMPTS:
        with suppress(UnknownPrompt, IndexError):
            first = catalogue.say(name, catalogue.languages[0])[0]
            if first.audio is not None and Path(first.audio).with_suffix(".wav").exists():
                sounds[name] = first.audio
    return sounds
