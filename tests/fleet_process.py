"""An engine of a fleet in a process of its own: ``python -m tests.fleet_process URL FLEET ENGINE [OPERATOR …]``.

A line of input is ``call ID [SECONDS ALREADY WAITED]``, ``answer ID`` or ``end ID``; a line of output that begins
with SAYS tells when (s since 1970) and what happened here.
"""

import asyncio
import sys
import time

from routing.bus.redis_link import RedisLink
from tests.fleet_engine import PaperEngine


async def main(url, fleet, name, *operators):
    engine = PaperEngine(RedisLink(url, name, fleet=fleet), operators, Told())
    async with engine.running():
        calls, input = {}, asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(input), sys.stdin)
        watching = asyncio.create_task(watch(engine))
        while line := await input.readline():
            verb, id, *waited = line.decode().split()
            if verb == "call":
                calls[id] = engine.call(id, float(*waited))
            elif verb == "answer":
                calls[id].answer()
            else:
                calls[id].end()
        watching.cancel()


async def watch(engine):
    leads, known = None, None
    while True:
        now = {view.id: str(view.state) for view in engine.member.operators()}
        if engine.fleet.leads != leads:
            leads = engine.fleet.leads
            told("leads" if leads else "follows")
        if now != known:
            known = now
            told("operators", ",".join(f"{id}={state}" for id, state in sorted(now.items())))
        await asyncio.sleep(0.005)


class Told:
    """Phones that say what they do."""

    def takes(self, operator, call):
        told("rings", operator, call)

    def frees(self, operator, call):
        told("free", operator, call)


def told(*words):
    sys.stdout.write(" ".join(("SAYS", f"{time.time():.4f}", *words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
