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
    if service is None:
        words = f"errors: {errors} in {settings.config}"
        if _good_before(settings):
            yield Finding(
                "configuration", Level.WARN, f"{words}; the last good version serves calls", "run `ivr check`"
            )
        else:
            yield Finding("configuration", Level.FAIL, words, "run `ivr check`")
    elif problems:
        yield Finding("configuration", Level.WARN, f"warnings: {len(problems)}", "run `ivr check`")
    else:
        yield Finding("configuration", Level.OK, f"version {service.version}")


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
        yield Finding("prompts", Level.FAIL, str(error), "run `ivr check`")
        return
    for language in languages:
        about = f"prompts {language.language}"
        if language.warnings:
            for words in language.warnings:
                found, _, mend = words.partition(": ")
                yield Finding(about, Level.WARN, found, mend)
        else:
            yield Finding(about, Level.OK, f"{language.prompts} prompts, {language.voice or 'recorded'}")


def database(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, is sound, can be written, and is of this version or an older one."""
    file = _file(settings.database_url)
    if file is not None and not (os.access(file, os.W_OK) if file.exists() else writable(file.parent)):
        mend = "give this user the right to write there, or mend IVR_DATABASE_URL or IVR_STATE"
        yield Finding("database", Level.FAIL, f"{file} cannot be written", mend)
        return
    try:
        yield Finding("database", Level.OK, _state(settings.database_url))
    except DatabaseError as error:
        found, _, mend = str(error).partition(": ")
        yield Finding("database", Level.FAIL, found, mend)


def _file(url: str) -> Path | None:
    """SQLite's file."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def _state(url: str) -> str:
    database = Database(url)
    if database.sqlite and not Path(database.url.database or "").exists():
        return "none yet: made at the first start"
    return asyncio.run(_checked(database))


async def _checked(database: Database) -> str:
    try:
        if await database.outdated():
            return "of an older version, or empty: brought up to date at the next start"
        await database.check()
        return "sound"
    finally:
        await database.close()


def keys(settings: Settings) -> Iterator[Finding]:
    """Whether they can be used, whether others can read them, and whether they lie beside what they seal."""
    try:
        if settings.key or settings.key_file or (settings.state / MADE).exists():
            load_keys(settings.state, settings.key, settings.key_file)
    except KeyFault as error:
        yield Finding("keys", Level.FAIL, str(error), "mend IVR_KEY or IVR_KEY_FILE")
        return
    words = warning(settings.state, settings.key, settings.key_file)
    if words:
        found, _, mend = words.partition(": ")
        yield Finding("keys", Level.WARN, found, mend)
