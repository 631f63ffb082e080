"""Is what the hotline says and keeps in order: flows, prompts, database, keys?"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from ivr.doctor.finding import Finding, Level
from ivr.doctor.place import writable
from ivr.flow.checks import examine
from ivr.flow.problem import Problems
from ivr.flow.service import PROMPTS, load
from ivr.golive.versions import Versions
from ivr.messages import Message, words_of
from ivr.prompts.catalogue import PromptError
from ivr.prompts.provide import places
from ivr.prompts.status import status
from ivr.settings import Settings
from ivr.tickets.database import Database
from ivr.tickets.faults import DatabaseError
from ivr.tickets.keys import MADE, KeyFault, load_keys, warning


def configuration(settings: Settings) -> Iterator[Finding]:
    """What `ivr check` says of it, in a word."""
    service, problems = examine(settings.config)
    errors = sum(problem.severity == "error" for problem in problems)
    about, mend = Message("about-configuration"), Message("run-check")
    if service is None:
        served = _good_before(settings)
        key = "configuration-errors-served" if served else "configuration-errors"
        words = Message(key, count=errors, folder=str(settings.config))
        yield Finding(about, Level.WARN if served else Level.FAIL, words, mend)
    elif problems:
        yield Finding(about, Level.WARN, Message("configuration-warnings", count=len(problems)), mend)
    else:
        yield Finding(about, Level.OK, Message("configuration-version", version=service.version))


def _good_before(settings: Settings) -> bool:
    """Whether a version was live that `ivr run` would go on with."""
    for folder in Versions(settings.state, time.time).good():
        try:
            load(folder, prompts=settings.config / PROMPTS)
        except Problems:
            continue
        return True
    return False


def prompts(settings: Settings) -> Iterator[Finding]:
    """Sounds that are missing, and voices that are hard to understand."""
    try:
        languages = status(*places(settings))
    except PromptError as error:
        yield Finding(Message("about-prompts"), Level.FAIL, words_of(error), Message("run-check"))
        return
    for language in languages:
        about = Message("about-prompts-of", language=language.language)
        if language.warnings:
            for words in language.warnings:
                yield Finding.of(about, Level.WARN, words)
        else:
            voice = language.voice or Message("prompts-recorded")
            yield Finding(about, Level.OK, Message("prompts-there", count=language.prompts, voice=voice))


def database(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, is sound, can be written, and is of this version or an older one."""
    about, file = Message("about-database"), _file(settings.database_url)
    if file is not None and not (os.access(file, os.W_OK) if file.exists() else writable(file.parent)):
        unwritable = Message("folder-unwritable", folder=str(file))
        yield Finding(about, Level.FAIL, unwritable, Message("database-unwritable-mend"))
        return
    try:
        yield Finding(about, Level.OK, _state(settings.database_url))
    except DatabaseError as error:
        yield Finding.of(about, Level.FAIL, words_of(error))


def _file(url: str) -> Path | None:
    """SQLite's file."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def _state(url: str) -> Message:
    database = Database(url)
    if database.sqlite and not Path(database.url.database or "").exists():
        return Message("database-none-yet")
    return asyncio.run(_checked(database))


async def _checked(database: Database) -> Message:
    try:
        if await database.outdated():
            return Message("database-outdated")
        await database.check()
        return Message("database-sound")
    finally:
        await database.close()


def keys(settings: Settings) -> Iterator[Finding]:
    """Whether they can be used, whether others can read them, and whether they lie beside what they seal."""
    try:
        if settings.key or settings.key_file or (settings.state / MADE).exists():
            load_keys(settings.state, settings.key, settings.key_file)
    except KeyFault as error:
        yield Finding(Message("about-keys"), Level.FAIL, words_of(error), Message("keys-mend"))
        return
    words = warning(settings.state, settings.key, settings.key_file)
    if words:
        yield Finding.of(Message("about-keys"), Level.WARN, words)
