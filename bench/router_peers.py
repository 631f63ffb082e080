"""What others do for one decision, on the same callers and operators: the naive scan, app_queue's pass, SQL.

``app_queue`` (Asterisk, apps/app_queue.c, ``try_calling``/``ring_one``): once a second each waiting call goes through
its queue's members, under the queue's lock, for the best metric; only a call that is among the first as many as
operators are free then rings. ``mod_callcenter`` (FreeSWITCH): one thread asks SQL for those who wait by score, for
each of them for the agents by tier and idle time, and sleeps 100 ms after a pass. Ours are their algorithms, without
telephony, locks and sleeps: what is measured is the work of the decision alone.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from random import Random
from typing import Any

from bench.router_load import LEVELS, SKILLS, operator

Call = tuple[int, str, str, int]
"""Priority (negative: earlier), id, skill, level; in the order of coming."""

Peer = Callable[[int, int], dict[str, Any]]


def _row(name: str, waiting: int, operators: int, seconds: list[float]) -> dict[str, Any]:
    middle = sorted(seconds)[len(seconds) // 2]
    return {
        "engine": name,
        "waiting x operators": f"{waiting:,} x {operators:,}",
        "decisions/s": round(1 / middle, 1),
        "one decision, us": round(middle * 1e6),
    }


def _calls(waiting: int, chance: Random) -> list[Call]:
    return [
        (-chance.choice((0, 0, 0, 0, 1)), f"c{n}", f"s{chance.randrange(SKILLS)}", chance.randint(1, LEVELS))
        for n in range(waiting)
    ]


def naive(waiting: int, operators: int, rounds: int = 5) -> dict[str, Any]:
    """An operator is free: look at every waiting call, take the best that the operator may have."""
    chance = Random(2)
    calls = _calls(waiting, chance)
    seconds = []
    for number in range(rounds):
        skills = operator(chance, number).skills
        began = time.perf_counter()
        best = min(
            ((rank, place) for place, (rank, _, skill, level) in enumerate(calls) if skills.get(skill, 0) >= level),
            default=None,
        )
        seconds.append(time.perf_counter() - began)
        if best is not None:
            del calls[best[1]]
    return _row("naive scan", waiting, operators, seconds)


def app_queue(waiting: int, operators: int, rounds: int = 5) -> dict[str, Any]:
    """Call by call looks at every member's state, skill and metric; the first who may, takes."""
    chance = Random(3)
    calls = _calls(waiting, chance)
    members = [operator(chance, number) for number in range(operators)]
    seconds = []
    for number in range(rounds):
        free = {members[number].id}
        began = time.perf_counter()
        for call in calls:
            metrics = [
                (place, member.id)
                for place, member in enumerate(members)
                if member.id in free and member.skills.get(call[2], 0) >= call[3]
            ]
            if metrics or time.perf_counter() - began > 2.0:
                break
        seconds.append(time.perf_counter() - began)
    return _row("app_queue's pass (given up after 2 s)", waiting, operators, seconds)


_SCHEMA = """
CREATE TABLE members (uuid TEXT PRIMARY KEY, queue TEXT, state TEXT, joined REAL, base_score INT,
                      skill TEXT, level INT);
CREATE TABLE agents (name TEXT PRIMARY KEY, status TEXT, state TEXT, ready_time REAL, last_offered REAL);
CREATE TABLE tiers (queue TEXT, agent TEXT, skill TEXT, level INT, state TEXT, position INT);
CREATE INDEX tiers_queue ON tiers (queue, skill, level);
"""

_MEMBERS = """SELECT uuid, skill, level FROM members WHERE state = 'Waiting'
ORDER BY base_score + (? - joined) DESC LIMIT 100"""

_AGENTS = """SELECT a.name FROM agents a JOIN tiers t ON a.name = t.agent
WHERE t.queue = 'q' AND t.skill = ? AND t.level >= ? AND a.status = 'Available' AND a.state = 'Waiting'
ORDER BY t.level DESC, t.position, a.last_offered LIMIT 1"""


def mod_callcenter(waiting: int, operators: int, rounds: int = 5) -> dict[str, Any]:
    """One SELECT over those who wait, and for each of them one over tiers and agents, until somebody may take one."""
    chance = Random(4)
    base = sqlite3.connect(":memory:")
    base.executescript(_SCHEMA)
    rows = (
        (call[1], "q", "Waiting", float(n), -call[0], call[2], call[3])
        for n, call in enumerate(_calls(waiting, chance))
    )
    base.executemany("INSERT INTO members VALUES (?,?,?,?,?,?,?)", rows)
    for number in range(operators):
        agent = operator(chance, number)
        base.execute("INSERT INTO agents VALUES (?, 'Available', 'In a queue call', 0, 0)", (agent.id,))
        base.executemany(
            "INSERT INTO tiers VALUES ('q', ?, ?, ?, 'Ready', 1)", [(agent.id, s, v) for s, v in agent.skills.items()]
        )
    seconds = []
    for number in range(rounds):
        base.execute("UPDATE agents SET state = 'Waiting' WHERE name = ?", (f"op{number}",))
        began = time.perf_counter()
        for uuid, skill, level in base.execute(_MEMBERS, (float(waiting),)).fetchall():
            found = base.execute(_AGENTS, (skill, level)).fetchone()
            if found is not None:
                base.execute("DELETE FROM members WHERE uuid = ?", (uuid,))
                break
        seconds.append(time.perf_counter() - began)
        base.execute("UPDATE agents SET state = 'In a queue call' WHERE name = ?", (f"op{number}",))
    return _row("mod_callcenter's SQL (sqlite in memory)", waiting, operators, seconds)


PEERS: tuple[Peer, ...] = (naive, app_queue, mod_callcenter)
"""Each measured on its own."""
