import asyncio
import time

from ivr.tickets.database import Database
from ivr.tickets.languages import LanguageMemory
from tests.until import until


async def test_a_language_is_remembered_over_a_restart(database):
    memory = LanguageMemory(database)
    task = asyncio.create_task(memory.run())
    memory.remember("+79161234567", "ru")
    memory.remember("+79161234567", "tt")
    await until(lambda: not memory._unsaved)
    memory.remember("+79160000001", "en")
    task.cancel()
    await asyncio.wait([task])
    after = LanguageMemory(database)
    assert [await after.recall(caller) for caller in ("+79161234567", "+79160000001")] == ["tt", "en"]
    assert await memory.recall("+70000000000") is None


async def test_the_database_is_asked_only_for_what_may_be_there_alone(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/k.db")
    await database.migrate()
    memory = LanguageMemory(database)
    memory.remember("+79161234567", "ru")
    memory.remember("+79160000001", "en")
    await memory.save()
    small, large = LanguageMemory(database, size=1), LanguageMemory(database, size=2)
    large.remember("+79160000001", "tt")
    for each in (small, large):
        await each.load()
    asked = []
    read, database.read = database.read, lambda: asked.append(1) or read()
    callers = ("+79161234567", "+79160000001", "+70000000000")
    assert [await large.recall(caller) for caller in callers] == ["ru", "tt", None]
    assert not asked
    assert [await small.recall(caller) for caller in callers] == ["ru", "en", None]
    assert asked
    large.remember("+79160000002", "tt")
    assert await large.recall("+79161234567") == "ru"
    await database.close()


async def test_what_was_just_chosen_is_known_without_the_database(tmp_path):
    memory = LanguageMemory(Database(f"sqlite+aiosqlite:///{tmp_path}/no/k.db"))
    memory.remember("+79161234567", "tt")
    memory.remember("", "tt")
    assert await memory.recall("+79161234567") == "tt"
    assert await memory.recall("+70000000000") is None
    assert await memory.recall("") is None


async def test_a_slow_database_does_not_keep_a_caller_waiting(url, database):
    engine = Database(url)
    async with engine.read():  # keeps one connection warm
        pass
    memory = LanguageMemory(engine)

    async def stuck() -> None:
        async with engine.write() as session, engine.write():
            await session.rollback()

    holders = [asyncio.create_task(stuck()) for _ in range(16)]  # every connection waits for another
    await asyncio.sleep(0.05)
    began = time.monotonic()
    assert await memory.recall("+79161234567") is None
    assert time.monotonic() - began < 1
    for holder in holders:
        holder.cancel()
    await asyncio.wait(holders)
    await engine.close()
