"""What Redis does in one step: so that no leader can speak after it was replaced."""

from __future__ import annotations

KEPT = 10_000
"""Entries that a stream keeps, about: whoever is further behind tells and is told everything anew."""

STAND = f"""
local held = redis.call('GET', KEYS[1])
if held then return {{0, redis.call('PTTL', KEYS[1])}} end
local epoch = math.max(tonumber(redis.call('GET', KEYS[2]) or '0'), tonumber(ARGV[2])) + 1
redis.call('SET', KEYS[2], epoch)
redis.call('SET', KEYS[1], epoch .. ':' .. ARGV[1], 'PX', ARGV[3])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', {KEPT}, '*', 'epoch', epoch, 'leader', ARGV[1])
return {{epoch, tonumber(ARGV[3])}}
"""
"""Keys: leader, epoch, out. Arguments: engine, the highest epoch it has seen, the lease in ms. The epoch won, or 0,
and the ms that the leadership lasts. A Redis that has forgotten goes on above what any candidate has seen."""

RENEW = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
"""Keys: leader. Arguments: "epoch:engine", the lease in ms. 0: it leads no more."""

SAY = f"""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', {KEPT}, '*', 'epoch', ARGV[2], 'number', ARGV[3], 'body', ARGV[4])
return 1
"""
"""Keys: leader, out. Arguments: "epoch:engine", epoch, running number, body. 0: it leads no more."""

RESIGN = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""
"""Keys: leader. Argument: "epoch:engine". The next candidate need not wait for the lease's end."""
